/** A mutant is endless when it is reached this many times as often as the same place without it. */
const MAX_HITS_FACTOR = 100;
const MIN_MAX_HITS = 100_000;

/** Thrown where a fault made a loop endless. */
export class TooManyHits extends Error {}

/**
 * Which mutant is on, which tests are run, and what they reached. The runner and the environments of tests
 * share it: both live in the outer realm of one process.
 */
class Switchboard {
  /** The number of the mutant that is on; 0 for none. */
  active = 0;
  /** How often the active mutant may be reached before it counts as endless. */
  maxHits = Infinity;
  hits = 0;
  /** @type {Set<number> | undefined} ordinals of the tests to run; all when undefined */
  tests;
  /** Stops the rest of a spec after its first failure. */
  hasFailed = false;
  /** @type {Profile | undefined} */
  profile;
  /** @type {import('./trial.mjs').Trial | undefined} */
  trial;
  /** Told which mutant is switched on in a trial. */
  onMutant = () => undefined;

  /**
   * Prepares for one run of one spec.
   *
   * @param {object} settings `usualHits` is how often the mutant is reached when it is off
   */
  begin({ mutant = 0, usualHits = Infinity, tests, profile, trial }) {
    this.#switchOn(mutant, usualHits);
    Object.assign(this, { tests, profile, trial, hasFailed: false });
  }

  /** Prepares for one copy of a test in a trial. */
  beginCopy(mutant, usualHits) {
    if (mutant !== 0) this.onMutant(mutant);
    this.#switchOn(mutant, usualHits);
  }

  /** Whether the active mutant made a loop endless. */
  get isEndless() {
    return this.hits > this.maxHits;
  }

  #switchOn(mutant, usualHits) {
    const maxHits = Math.max(MIN_MAX_HITS, usualHits * MAX_HITS_FACTOR);
    Object.assign(this, { active: mutant, maxHits, hits: 0 });
  }

  /** What instrumented code asks wherever a mutant begins. */
  isMutant = (id) => {
    if (this.profile !== undefined) this.profile.totals[id] += 1;
    if (id !== this.active) return false;
    this.hits += 1;
    if (this.isEndless) throw new TooManyHits();
    return true;
  };
}

/** What one spec reaches: by each of its tests, and while it is loaded and in hooks that tests share. */
export class Profile {
  /** @type {Set<number>} */
  outside = new Set();
  /**
   * In the order in which the tests run; `ms` is processor time.
   *
   * @type {{reached: number[], ms: number, tookMs: number}[]}
   */
  tests = [];
  /** How often each mutant was reached. */
  totals;
  #before;

  /** @param {number} size one more than the highest number of a mutant */
  constructor(size) {
    this.totals = new Uint32Array(size);
    this.#before = new Uint32Array(size);
  }

  /** What was reached since the last test belongs to none. */
  endOutside() {
    for (const id of this.#reached()) this.outside.add(id);
  }

  endTest(times) {
    this.tests.push({ reached: this.#reached(), ...times });
  }

  #reached() {
    const found = [];
    for (const [id, total] of this.totals.entries()) if (total !== this.#before[id]) found.push(id);
    this.#before.set(this.totals);
    return found;
  }
}

/** Processor time of this process in milliseconds, which others on the machine do not lengthen. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return Math.ceil((user + system) / 1000);
}

/** The one of this process. */
export const switchboard = new Switchboard();
