import { literalOf, UnsupportedRegex, type Atom, type RegexNode } from './regex-syntax.js';

/** Units that a state and a class take when an expression is compiled; those of Unicode have long tables. */
const COMPILED_STATE = 2;
const COMPILED_CLASS = 40;
const COMPILED_TABLE = 400;
/** Characters of which the engine finds the other cases in the time of a unit: it looks at each of a range. */
const FOLDED_CHARACTERS = 8;

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
    if (literalOf(atom) === undefined) work += workOnClass(atom);
  }
  return work;
}

const TABLES = /\\p/gi;
const RANGES = /(?:([A-Za-z0-9])|\\x\{([0-9a-f]+)\})-(?:([A-Za-z0-9])|\\x\{([0-9a-f]+)\})/gi;

function workOnClass({ source, flags }: Atom): number {
  const work = COMPILED_CLASS + COMPILED_TABLE * (source.match(TABLES) ?? []).length;
  if (!flags.includes('i')) return work;
  let folded = 0;
  for (const [, from, fromCode, to, toCode] of source.matchAll(RANGES)) {
    folded += Math.max(codeOf(to, toCode) - codeOf(from, fromCode), 0);
  }
  return work + folded / FOLDED_CHARACTERS;
}

function codeOf(character: string | undefined, code: string | undefined): number {
  return character?.codePointAt(0) ?? Number.parseInt(code ?? '0', 16);
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
