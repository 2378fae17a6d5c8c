import { NotAcceptable } from './format-errors.js';

/** The media types that answers come in. */
export type MediaType = 'application/fhir+json' | 'application/json' | 'text/yaml';

/** What the client says about the answer's format. */
export interface FormatWish {
  readonly accept?: string | undefined;
  /** The `_format` parameter; it wins over `Accept`, as FHIR says. */
  readonly format?: string | undefined;
}

interface MediaRange {
  readonly range: string;
  readonly quality: number;
}

const NAMES: ReadonlyMap<string, MediaType> = new Map([
  ['application/fhir+json', 'application/fhir+json'],
  ['application/json', 'application/json'],
  ['text/yaml', 'text/yaml'],
  ['application/yaml', 'text/yaml'],
  ['text/x-yaml', 'text/yaml'],
  ['application/x-yaml', 'text/yaml'],
]);
const SHORT_NAMES: ReadonlyMap<string, MediaType> = new Map([
  ['json', 'application/fhir+json'],
  ['yaml', 'text/yaml'],
]);
const WILDCARDS: ReadonlySet<string> = new Set(['*/*', 'application/*']);
const MAX_RANGES = 50;

/**
 * Chooses the media type of an answer; errors do not ask, they are always application/fhir+json.
 *
 * Without a wish it is application/fhir+json. Of equal wishes a named type goes before a wildcard,
 * and the first before the later.
 *
 * @throws NotAcceptable (406) when `_format` is unknown or `Accept` leaves nothing.
 */
export function negotiate({ accept, format }: FormatWish): MediaType {
  if (format !== undefined) return named(format);
  if (accept === undefined || accept.trim() === '') return 'application/fhir+json';
  const ranges = accept.split(',', MAX_RANGES).map(parseRange);
  const refused = new Set(ranges.filter(({ quality }) => quality === 0).map(typeOf));
  const best = ranges
    .filter((range) => range.quality > 0 && typeOf(range) !== undefined)
    .toSorted((a, b) => b.quality - a.quality || precision(b) - precision(a))
    .map(typeOf)
    .find((type) => !refused.has(type));
  if (best === undefined) throw new NotAcceptable();
  return best;
}

function named(format: string): MediaType {
  // The plus sign of an unescaped `application/fhir+json` arrives as a space.
  const name = (format.split(';')[0] ?? '').trim().toLowerCase().replaceAll(' ', '+');
  const type = SHORT_NAMES.get(name) ?? NAMES.get(name);
  if (type === undefined) throw new NotAcceptable();
  return type;
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return { range, quality: weight === undefined ? 1 : qualityOf(weight.slice(2)) };
}

/** RFC 9110 §12.4.2; a weight that cannot be read is none. */
function qualityOf(weight: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 1;
}

function typeOf({ range }: MediaRange): MediaType | undefined {
  return WILDCARDS.has(range) ? 'application/fhir+json' : NAMES.get(range);
}

function precision({ range }: MediaRange): number {
  if (range === '*/*') return 0;
  return range.endsWith('/*') ? 1 : 2;
}
