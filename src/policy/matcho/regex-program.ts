import type { Atom, Boundary, RegexNode } from './regex-syntax.js';

/** A step of a program; `T` says which character is taken. */
export type Instruction<T> =
  | { readonly kind: 'take'; readonly takes: T; readonly next: number }
  | { readonly kind: 'split'; targets: readonly number[] }
  | { readonly kind: 'boundary'; readonly boundary: Boundary; readonly next: number }
  | {
      readonly kind: 'look';
      readonly look: number;
      readonly negative: boolean;
      readonly next: number;
    }
  | { readonly kind: 'match' };

/** A regular expression as steps that are followed at once, however many there are. */
export interface Program<T> {
  readonly instructions: readonly Instruction<T>[];
  readonly start: number;
  /** Whether the subject is read from its end, as a lookahead needs it. */
  readonly backward: boolean;
}

/** How an expression becomes a program. */
export interface Compilation<T> {
  readonly backward: boolean;
  /** Takes up the programs of lookarounds, inner ones first. */
  readonly looks: Program<T>[];
  takes(atom: Atom): T;
}

/** The program of an expression. */
export function compileProgram<T>(node: RegexNode, compilation: Compilation<T>): Program<T> {
  const builder = new ProgramBuilder(compilation);
  const start = builder.build(node, builder.add({ kind: 'match' }));
  return { instructions: builder.instructions, start, backward: compilation.backward };
}

class ProgramBuilder<T> {
  readonly instructions: Instruction<T>[] = [];

  constructor(private readonly to: Compilation<T>) {}

  add(instruction: Instruction<T>): number {
    return this.instructions.push(instruction) - 1;
  }

  /** Adds what matches `node` and then goes on at `next`; returns where to enter. */
  build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'atom':
        return this.add({ kind: 'take', takes: this.to.takes(node), next });
      case 'concat': {
        const parts = this.to.backward ? node.parts : node.parts.toReversed();
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
        const program = compileProgram(node.node, { ...this.to, backward: node.ahead });
        const look = this.to.looks.push(program) - 1;
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
