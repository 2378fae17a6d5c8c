import { Atoms, Characters } from './regex-atoms.js';
import { compileProgram, type Instruction, type Program } from './regex-program.js';
import type { Boundary, RegexNode } from './regex-syntax.js';

/** The number of the atom that is taken. */
type Takes = number;
type Assertion = Exclude<Instruction<Takes>, { kind: 'take' | 'match' }>;

/** A matcher for expressions with lookarounds. */
export interface Automaton {
  /** Of its atoms, how many the engine is asked about for each character beyond ASCII. */
  readonly classes: number;
  /** Whether the subject contains a match. */
  test(subject: string): boolean;
}

/**
 * A matcher for expressions with lookarounds whose time is bounded by states × length.
 *
 * Each lookaround is run once over the whole subject, inner ones first, and leaves the set of
 * positions at which it holds; the expression around it then only asks that set. Lookaheads run
 * backwards, so that the end of one run is the beginning of a match.
 */
export function compileAutomaton(node: RegexNode): Automaton {
  const atoms = new Atoms();
  const looks: Program<Takes>[] = [];
  const main = compileProgram(node, { backward: false, looks, takes: (atom) => atoms.add(atom) });
  return {
    classes: atoms.classes,
    test: (subject) => {
      const characters = new Characters(subject, atoms);
      const held: Uint8Array[] = [];
      for (const look of looks) held.push(positionsOf(look, characters, held));
      return positionsOf(main, characters, held).includes(1);
    },
  };
}

/** The positions at which a match ends that began anywhere, in the program's direction. */
function positionsOf(
  program: Program<Takes>,
  characters: Characters,
  held: readonly Uint8Array[],
): Uint8Array {
  const { backward, start } = program;
  const { points } = characters;
  const ends = new Uint8Array(points.length + 1);
  const simulation = new Simulation(program, characters, held);
  let arriving: number[] = [];
  for (let step = 0; step <= points.length; step += 1) {
    const position = backward ? points.length - step : step;
    const { matched, leaving } = simulation.advance([...arriving, start], position);
    if (matched) ends[position] = 1;
    arriving = leaving;
  }
  return ends;
}

class Simulation {
  private readonly seenAt: Int32Array;

  constructor(
    private readonly program: Program<Takes>,
    private readonly characters: Characters,
    private readonly held: readonly Uint8Array[],
  ) {
    this.seenAt = new Int32Array(program.instructions.length).fill(-1);
  }

  /** Follows the states as far as they go without a character, then over the next one. */
  advance(pending: number[], position: number): { matched: boolean; leaving: number[] } {
    const next = this.program.backward ? position - 1 : position;
    const leaving: number[] = [];
    let matched = false;
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const instruction = this.visit(state, position);
      if (instruction === undefined) continue;
      if (instruction.kind === 'match') matched = true;
      else if (instruction.kind === 'take') {
        if (this.characters.isTaken(instruction.takes, next)) leaving.push(instruction.next);
      } else pending.push(...this.targets(instruction, position));
    }
    return { matched, leaving };
  }

  private visit(state: number, position: number): Instruction<Takes> | undefined {
    if (this.seenAt[state] === position) return undefined;
    this.seenAt[state] = position;
    return this.program.instructions[state];
  }

  private targets(instruction: Assertion, position: number): readonly number[] {
    if (instruction.kind === 'split') return instruction.targets;
    return passes(instruction, this.characters.points, position, this.held)
      ? [instruction.next]
      : [];
  }
}

function passes(
  instruction: Exclude<Assertion, { kind: 'split' }>,
  points: readonly string[],
  position: number,
  held: readonly Uint8Array[],
): boolean {
  if (instruction.kind === 'boundary') return isAt(instruction.boundary, points, position);
  return (held[instruction.look]?.[position] === 1) !== instruction.negative;
}

function isAt(boundary: Boundary, points: readonly string[], position: number): boolean {
  switch (boundary) {
    case 'text-start':
      return position === 0;
    case 'text-end':
      return position === points.length;
    case 'line-start':
      return position === 0 || points[position - 1] === '\n';
    case 'line-end':
      return position === points.length || points[position] === '\n';
    case 'word':
      return isWord(points[position - 1]) !== isWord(points[position]);
    case 'not-word':
      return isWord(points[position - 1]) === isWord(points[position]);
  }
}

function isWord(point: string | undefined): boolean {
  return point !== undefined && /\w/.test(point);
}
