/**
 * @typedef {object} Copy one more run of a test, for one mutant
 * @property {object} mutant
 * @property {'attempt' | 'control' | 'repetition'} role
 */

/** @type {Copy['role'][]} */
const ROLES = ['attempt', 'control', 'repetition'];

/**
 * What one load of a spec finds out about many mutants, each of which has its own copies of the tests that reach
 * it. A failure counts only when the same test passes without the mutant right after it and fails with it once
 * more: whatever earlier copies left behind kills nobody.
 */
export class Trial {
  /** Something that was left behind lets tests fail without a mutant: nothing is learned from here on. */
  isContaminated = false;
  /** Tests were run at all. */
  hasBegun = false;
  /** What is known of a mutant that has failed a test: id → its next role, or its outcome. */
  #states = new Map();

  /**
   * @param {{id: number, tests: number[], hits: number}[]} mutants `tests` are ordinals
   * @param {(id: number, status: string) => void} onOutcome told 'killed' and 'timed out' as they are found
   */
  constructor(mutants, onOutcome) {
    this.mutants = mutants;
    this.onOutcome = onOutcome;
  }

  /** What is run instead of a test, one after the other has been judged. @returns {Generator<Copy>} */
  *copiesOf(ordinal) {
    for (const mutant of this.mutants.filter(({ tests }) => tests.includes(ordinal))) {
      for (const role of ROLES) if (this.#wants(mutant, role)) yield { mutant, role };
    }
  }

  #wants({ id }, role) {
    return !this.isContaminated && (this.#states.get(id) ?? 'attempt') === role;
  }

  /** Takes what became of a copy. */
  judge({ mutant: { id }, role }, { hasFailed, isEndless }) {
    const fails = hasFailed || isEndless;
    const [whenFails, otherwise] = {
      attempt: ['control', 'attempt'],
      control: ['open', 'repetition'],
      repetition: [isEndless ? 'timed out' : 'killed', 'open'],
    }[role];
    this.#states.set(id, fails ? whenFails : otherwise);
    if (!fails) return;
    if (role === 'control') this.isContaminated = true;
    if (role === 'repetition') this.onOutcome(id, whenFails);
  }

  /** Mutants that all their copies left open; and those that have to be tried in another load. */
  rest() {
    const isIn = (states) => (mutant) => states.includes(this.#states.get(mutant.id) ?? 'attempt');
    const undecided = this.mutants.filter(isIn(ROLES));
    const open = this.mutants.filter(isIn(['open']));
    const goesOn = this.hasBegun && this.isContaminated;
    return goesOn ? { open, again: undecided } : { open: [...open, ...undecided], again: [] };
  }
}

/**
 * Puts something in the places of tests.
 *
 * @param {object} root block of jest-circus, whose tests are numbered in the order in which they would run
 * @param {(test: object, ordinal: number) => object} replace
 */
export function replaceTests(root, replace) {
  let next = 0;
  const replaceIn = (block) => {
    block.children = block.children.map((child) => {
      if (child.type !== 'describeBlock') return replace(child, next++);
      replaceIn(child);
      return child;
    });
  };
  replaceIn(root);
}

/**
 * What can be tried in one load: mutants of one spec, as long as their copies are not too many.
 *
 * @param {{id: number, spec: string, tests: number[]}[]} mutants those of one spec in a row
 */
export function batchesOf(mutants, maxTests) {
  const batches = [];
  let room = 0;
  for (const mutant of mutants) {
    const batch = batches.at(-1);
    room -= mutant.tests.length;
    if (batch?.[0].spec === mutant.spec && room >= 0) batch.push(mutant);
    else {
      batches.push([mutant]);
      room = maxTests - mutant.tests.length;
    }
  }
  return batches;
}
