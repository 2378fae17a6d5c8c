/** Letters of a name of one word, and of each word of a name of two. */
const SHORTEST = 2;
const LONGEST = 20;
const LONGEST_WORD = 12;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Pairs of letters that are common in names, which a run through the alphabet does not have. */
const SPOKEN = (
  'Xylophone Lantern Wonderland Quarterstone Grandmother Ferryboat Heirloom Typewriter Vitamin ' +
  'LanternFestival StorageOrder MeasuredTransport CoastalTerrain RiverPilotReport SignalToneSource'
).split(' ');

const IDS = [
  ...['a', '1', '42', 'some-id', 'someId', 'SOME.ID.7', '0123456789', 'b7e23ec29af22b0b4e41da31'],
  ...['01ARZ3NDEKTSV4RRFFQ69G5FAV', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'a-1'.repeat(21)],
];

/** What may follow a type in a path: nothing, an id, a history, a search, an operation. */
const ENDINGS = [
  ...['', ...IDS.map((id) => `/${id}`)],
  ...['/_history', '/some-id/_history', '/some-id/_history/1', '/_search', '/$invented'],
];

/** One word, from any letter on through the alphabet. */
function word(first: number, length: number): string {
  const letters = Array.from({ length }, (_, at) => LETTERS.charAt((first + at) % LETTERS.length));
  return letters.join('').replace(/^./, (letter) => letter.toUpperCase());
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

const FIRST_LETTERS = range(0, LETTERS.length - 1);

/**
 * Names of no type, but of the shape that names of types have: words of every length from every letter on,
 * and two of them as one.
 *
 * An expression that finds one of them was not written to find certain types.
 */
export const INVENTED_TYPES: readonly string[] = [
  ...SPOKEN,
  ...range(SHORTEST, LONGEST).flatMap((length) =>
    FIRST_LETTERS.map((first) => word(first, length)),
  ),
  ...range(SHORTEST, LONGEST_WORD).flatMap((one) =>
    range(SHORTEST, LONGEST_WORD).map((other) => {
      const first = (one * LONGEST_WORD + other) % LETTERS.length;
      return word(first, one) + word((first + one) % LETTERS.length, other);
    }),
  ),
];

/** Ids of no operation, but of their shape. */
export const INVENTED_OPERATIONS: readonly string[] = INVENTED_TYPES.flatMap((type) => [
  `Fhir${type}`,
  type,
]);

/** Fewer types for the paths, of which each has many: from every letter on, of one word and of two. */
const IN_PATHS: readonly string[] = [
  ...SPOKEN,
  ...FIRST_LETTERS.map((first) => word(first, 4 + (first % (LONGEST - 4)))),
  ...FIRST_LETTERS.map(
    (first) => word(first, 4 + (first % 5)) + word((first + 7) % LETTERS.length, 6),
  ),
];

/** Paths of every interaction with types that there are not, in both spellings of system resources. */
export const INVENTED_PATHS: readonly string[] = ['/fhir', ''].flatMap((root) => [
  ...INVENTED_TYPES.map((type) => `${root}/${type}`),
  ...IN_PATHS.flatMap((type) => ENDINGS.map((ending) => `${root}/${type}${ending}`)),
]);
