import { RE2JS } from 're2js';
import type { Boundary, RegexNode } from './regex-syntax.js';

type Instruction =
  | { readonly kind: 'take'; readonly takes: (point: string) => boolean; readonly next: number }
  | { readonly kind: 'split'; targets: readonly number[] }
  | { readonly kind: 'boundary'; readonly boundary: Boundary; readonly next: number }
  | {
      readonly kind: 'look';
      readonly look: number;
      readonly negative: boolean;
      readonly next: number;
    }
  | { readonly kind: 'match' };

type Assertion = Exclude<Instruction, { kind: 'take' | 'match' }>;

interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** Whether the subject is read from its end, as a lookahead needs it. */
  readonly backward: boolean;
}

/**
 * A matcher for expressions with lookarounds whose time is bounded by states × length.
 *
 * Each lookaround is run once over the whole subject, inner ones first, and leaves the set of
 * positions at which it holds; the expression around it then only asks that set. Lookaheads run
 * backwards, so that the end of one run is the beginning of a match.
 * @returns whether the subject, given as code points, contains a match.
 */
export function compileAutomaton(node: RegexNode): (points: readonly string[]) => boolean {
  const looks: Program[] = [];
  const main = compileProgram(node, false, looks);
  return (points) => {
    const held: Uint8Array[] = [];
    for (const look of looks) held.push(positionsOf(look, points, held));
    return positionsOf(main, points, held).includes(1);
  };
}

function compileProgram(node: RegexNode, backward: boolean, looks: Program[]): Program {
  const builder = new ProgramBuilder(backward, looks);
  const start = builder.build(node, builder.add({ kind: 'match' }));
  return { instructions: builder.instructions, start, backward };
}

class ProgramBuilder {
  readonly instructions: Instruction[] = [];

  constructor(
    private readonly backward: boolean,
    private readonly looks: Program[],
  ) {}

  add(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1;
  }

  /** Adds what matches `node` and then goes on at `next`; returns where to enter. */
  build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'atom':
        return this.add({ kind: 'take', takes: atomTest(node.source, node.flags), next });
      case 'concat': {
        const parts = this.backward ? node.parts : node.parts.toReversed();
        return parts.reduce((after, part) => this.build(part, after), next);
      }
      case 'choice':
        return this.add({
          kind: 'split',
          targets: node.options.map((option) => this.build(option, next)),
        });
      case 'repeat':
        return this.repeat(node.node, node.min, node.max, next);
      case 'boundary':
        return this.add({ kind: 'boundary', boundary: node.boundary, next });
      case 'look': {
        const look = this.looks.push(compileProgram(node.node, node.ahead, this.looks)) - 1;
        return this.add({ kind: 'look', look, negative: node.negative, next });
      }
    }
  }

  private repeat(node: RegexNode, min: number, max: number, next: number): number {
    let entry = next;
    if (max === Infinity) {
      const loop: { kind: 'split'; targets: readonly number[] } = { kind: 'split', targets: [] };
      entry = this.add(loop);
      loop.targets = [this.build(node, entry), next];
    } else {
      for (let count = min; count < max; count += 1) {
        entry = this.add({ kind: 'split', targets: [this.build(node, entry), next] });
      }
    }
    for (let count = 0; count < min; count += 1) entry = this.build(node, entry);
    return entry;
  }
}

/** The positions at which a match ends that began anywhere, in the program's direction. */
function positionsOf(
  program: Program,
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
    private readonly program: Program,
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

  private visit(state: number, position: number): Instruction | undefined {
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

function atomTest(source: string, flags: string): (point: string) => boolean {
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
