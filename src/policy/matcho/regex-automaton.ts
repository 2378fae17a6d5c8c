import { RE2JS } from 're2js';
import { compileProgram, type Instruction, type Program } from './regex-program.js';
import type { Atom, Boundary, RegexNode } from './regex-syntax.js';

type Takes = (point: string) => boolean;
type Assertion = Exclude<Instruction<Takes>, { kind: 'take' | 'match' }>;

/**
 * A matcher for expressions with lookarounds whose time is bounded by states × length.
 *
 * Each lookaround is run once over the whole subject, inner ones first, and leaves the set of
 * positions at which it holds; the expression around it then only asks that set. Lookaheads run
 * backwards, so that the end of one run is the beginning of a match.
 * @returns whether the subject, given as code points, contains a match.
 */
export function compileAutomaton(node: RegexNode): (points: readonly string[]) => boolean {
  const looks: Program<Takes>[] = [];
  const main = compileProgram(node, { backward: false, looks, takes: atomTest });
  return (points) => {
    const held: Uint8Array[] = [];
    for (const look of looks) held.push(positionsOf(look, points, held));
    return positionsOf(main, points, held).includes(1);
  };
}

/** The positions at which a match ends that began anywhere, in the program's direction. */
function positionsOf(
  program: Program<Takes>,
  points: readonly string[],
  held: readonly Uint8Array[],
): Uint8Array {
  const { backward, start } = program;
  const ends = new Uint8Array(points.length + 1);
  const simulation = new Simulation(program, points, held);
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
    private readonly points: readonly string[],
    private readonly held: readonly Uint8Array[],
  ) {
    this.seenAt = new Int32Array(program.instructions.length).fill(-1);
  }

  /** Follows the states as far as they go without a character, then over the next one. */
  advance(pending: number[], position: number): { matched: boolean; leaving: number[] } {
    const point = this.points[this.program.backward ? position - 1 : position];
    const leaving: number[] = [];
    let matched = false;
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const instruction = this.visit(state, position);
      if (instruction === undefined) continue;
      if (instruction.kind === 'match') matched = true;
      else if (instruction.kind === 'take') {
        if (point !== undefined && instruction.takes(point)) leaving.push(instruction.next);
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
    return passes(instruction, this.points, position, this.held) ? [instruction.next] : [];
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
  return point !== undefined && /^\w$/.test(point);
}

const MAX_REMEMBERED = 1_024;

function atomTest({ source, flags }: Atom): Takes {
  const expression = RE2JS.compile(`\\A(?${flags}:${source})\\z`);
  const known = new Map<string, boolean>();
  return (point) => {
    const before = known.get(point);
    if (before !== undefined) return before;
    const result = expression.test(point);
    if (known.size < MAX_REMEMBERED) known.set(point, result);
    return result;
  };
}
