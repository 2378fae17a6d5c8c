import { parseRegex } from './regex-parser.js';
import { compileProgram, type Instruction, type Program } from './regex-program.js';
import type { Atom, Boundary } from './regex-syntax.js';

/** How far what an expression spells out has to go, followed character by character. */
export interface Spelling {
  /** Of a text of which nothing is read. */
  readonly start: string;
  /** After a character that the expression leaves open. */
  readonly open: string;
  /** After one that it spells out, in lower case; `undefined` once it has spelled out enough. */
  after(state: string, character: string): string | undefined;
  /** Whether everything was spelled out so far. */
  isWhole(state: string): boolean;
}

/** Bounds what following expressions takes; a unit is less than a microsecond. */
export class SpellingWork {
  constructor(private left = 50_000) {}

  /** Whether there was as much left. */
  spend(units: number): boolean {
    this.left -= units;
    return this.left >= 0;
  }
}

/** Where the expression is in its program, and what it has spelled out on the way there. */
interface Place {
  readonly at: number;
  readonly state: string;
  /** Whether the text is at its end. */
  readonly isEnd: boolean;
}

type Spelled = string | undefined;

/**
 * Whether every text that the expression finds is spelled out by it as far as the spelling asks, whichever way
 * it finds the text.
 *
 * Never true of an expression that finds another text: lookarounds and word boundaries are taken to hold
 * anywhere, and what takes more work than is left is not spelled out. Texts have no line breaks.
 * @throws UnsupportedRegex for an expression that {@link compileRegex} refuses.
 */
export function isSpelledOut(source: string, spelling: Spelling, work: SpellingWork): boolean {
  const program = compileProgram<Spelled>(parseRegex(source), {
    backward: false,
    looks: [],
    takes: spelledBy,
  });
  if (!work.spend(source.length + program.instructions.length)) return false;
  const places = beginnings(program, spelling);
  const seen = new Set<string>();
  for (let place = places.pop(); place; place = places.pop()) {
    const key = `${place.at} ${place.isEnd} ${place.state}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const instruction = program.instructions[place.at];
    if (!instruction || !work.spend(1)) return false;
    // What follows a match may be anything, unless nothing can.
    if (instruction.kind !== 'match') places.push(...following(instruction, place, spelling));
    else if (!place.isEnd || !spelling.isWhole(place.state)) return false;
  }
  return true;
}

/** A match begins where the text does, or after any part of it. */
function beginnings({ start }: Program<Spelled>, spelling: Spelling): Place[] {
  return [spelling.start, spelling.open].map((state) => ({ at: start, state, isEnd: false }));
}

function following(
  instruction: Exclude<Instruction<Spelled>, { kind: 'match' }>,
  place: Place,
  spelling: Spelling,
): readonly Place[] {
  if (instruction.kind === 'split') return instruction.targets.map((at) => ({ ...place, at }));
  const next = { ...place, at: instruction.next };
  switch (instruction.kind) {
    case 'look':
      return [next];
    case 'boundary':
      return atBoundary(instruction.boundary, next, spelling);
    case 'take': {
      if (place.isEnd) return [];
      const { takes } = instruction;
      const state = takes === undefined ? spelling.open : spelling.after(place.state, takes);
      return state === undefined ? [] : [{ ...next, state }];
    }
  }
}

function atBoundary(boundary: Boundary, place: Place, { start }: Spelling): readonly Place[] {
  switch (boundary) {
    case 'text-start':
    case 'line-start':
      return place.state === start ? [place] : [];
    case 'text-end':
    case 'line-end':
      return [{ ...place, isEnd: true }];
    case 'word':
    case 'not-word':
      return [place];
  }
}

const LITERALS = /^\[?((?:\\x\{[0-9a-f]+\})+)\]?$/;
const LITERAL = /\\x\{[0-9a-f]+\}/g;

/** The only character that the atom takes, its case aside. */
function spelledBy({ source }: Atom): Spelled {
  const [, literals] = LITERALS.exec(source) ?? [];
  const characters = (literals?.match(LITERAL) ?? []).map(characterOf);
  const [first] = characters;
  return characters.every((character) => character === first) ? first : undefined;
}

function characterOf(literal: string): string {
  const code = literal.slice('\\x{'.length, -1);
  return String.fromCodePoint(Number.parseInt(code, 16)).toLowerCase();
}
