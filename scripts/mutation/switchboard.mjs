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

  /** Prepares for one run of one spec. */
  begin({ mutant = 0, maxHits = Infinity, tests, profile }) {
    Object.assign(this, { active: mutant, maxHits, tests, profile, hits: 0, hasFailed: false });
  }

  /** What instrumented code asks wherever a mutant begins. */
  isMutant = (id) => {
    if (this.profile !== undefined) this.profile.totals[id] += 1;
    if (id !== this.active) return false;
    this.hits += 1;
    if (this.hits > this.maxHits) throw new TooManyHits();
    return true;
  };
}

/** What one spec reaches: by each of its tests, and while it is loaded and in hooks that tests share. */
export class Profile {
  /** @type {Set<number>} */
  outside = new Set();
  /** @type {{reached: number[], ms: number}[]} in the order in which the tests run */
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

  endTest(ms) {
    this.tests.push({ reached: this.#reached(), ms });
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
