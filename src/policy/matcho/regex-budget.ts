import { literalOf, UnsupportedRegex, type Atom, type RegexNode } from './regex-syntax.js';

/** Units that a state and a class take when an expression is compiled; those of Unicode have long tables. */
const COMPILED_STATE = 2;
const COMPILED_CLASS = 40;
const COMPILED_TABLE = 200;

/** About half a second. */
const MAX_WORK_TO_COMPILE = 500_000;

/** Bounds what the expressions of one policy take to compile, and with it what they take to keep. */
export class RegexBudget {
  private left = MAX_WORK_TO_COMPILE;

  /** @throws UnsupportedRegex when the expressions are too large together. */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) {
      throw new UnsupportedRegex('this and the expressions before are too large together');
    }
  }
}

/** Units of work that it takes to compile an expression of as many states. */
export function workToCompile(node: RegexNode, states: number): number {
  let work = states * COMPILED_STATE;
  for (const atom of atomsOf(node)) {
    if (literalOf(atom) === undefined) {
      work += /\\p/i.test(atom.source) ? COMPILED_TABLE : COMPILED_CLASS;
    }
  }
  return work;
}

/** The atoms of an expression as it was written, without the copies that repetitions make. */
export function atomsOf(node: RegexNode): readonly Atom[] {
  switch (node.kind) {
    case 'atom':
      return [node];
    case 'boundary':
      return [];
    case 'concat':
      return node.parts.flatMap(atomsOf);
    case 'choice':
      return node.options.flatMap(atomsOf);
    case 'repeat':
    case 'look':
      return atomsOf(node.node);
  }
}
