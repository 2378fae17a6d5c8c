import { RE2JS } from 're2js';
import { literalOf, type Atom } from './regex-syntax.js';

const ASCII = 128;
const UNKNOWN = 0;
const TAKEN = 1;
const REFUSED = 2;

/** Tells which characters an atom stands for. */
export type AtomTest = (point: string) => boolean;

/** The atoms of one expression; each is compiled once, however many copies repetitions make of it. */
export class Atoms {
  private readonly known = new Map<string, number>();
  private readonly tests: AtomTest[] = [];
  private asking = 0;

  /** How many there are. */
  get size(): number {
    return this.tests.length;
  }

  /** How many of them ask the engine, which they do for each character beyond ASCII. */
  get classes(): number {
    return this.asking;
  }

  /**
   * The number of an atom, the same for equal ones.
   *
   * @throws Error for a class or character that the engine does not know.
   */
  add(atom: Atom): number {
    const key = `(?${atom.flags}:${atom.source})`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const literal = literalOf(atom);
    if (literal === undefined) this.asking += 1;
    this.tests.push(literal === undefined ? classTest(key) : (point) => point === literal);
    this.known.set(key, this.tests.length - 1);
    return this.tests.length - 1;
  }

  /** Whether an atom stands for a character. */
  takes(number: number, point: string): boolean {
    return this.tests[number]?.(point) === true;
  }
}

/** A subject as an expression reads it: whether an atom stands for a character is asked once for all places. */
export class Characters {
  readonly points: readonly string[];
  private readonly alphabet: string[] = [];
  /** Of each position the place of its character in the alphabet. */
  private readonly numbers: Uint16Array;
  private readonly answers: Uint8Array;

  constructor(
    subject: string,
    private readonly atoms: Atoms,
  ) {
    this.points = Array.from(subject);
    const places = new Map<string, number>();
    this.numbers = Uint16Array.from(this.points, (point) => {
      let place = places.get(point);
      if (place === undefined) {
        place = this.alphabet.push(point) - 1;
        places.set(point, place);
      }
      return place;
    });
    this.answers = new Uint8Array(this.alphabet.length * atoms.size);
  }

  /** Whether an atom stands for the character at a position; not where there is none. */
  isTaken(atom: number, position: number): boolean {
    const place = this.numbers[position];
    if (place === undefined) return false;
    const at = place * this.atoms.size + atom;
    if (this.answers[at] === UNKNOWN) {
      const takes = this.atoms.takes(atom, this.alphabet[place] ?? '');
      this.answers[at] = takes ? TAKEN : REFUSED;
    }
    return this.answers[at] === TAKEN;
  }
}

/** How many different characters beyond ASCII there are in a text. */
export function charactersBeyondAscii(text: string): number {
  return new Set(text.match(/[^\0-\x7f]/gu)).size;
}

function classTest(key: string): AtomTest {
  const expression = RE2JS.compile(`\\A${key}\\z`);
  const known = new Uint8Array(ASCII);
  return (point) => {
    const code = point.codePointAt(0) ?? 0;
    if (code >= ASCII) return expression.test(point);
    if (known[code] === UNKNOWN) known[code] = expression.test(point) ? TAKEN : REFUSED;
    return known[code] === TAKEN;
  };
}
