import type { PerScope, ThrottleScope } from './throttle-scope.js';

/** What all instances together counted for one scope of an attempt. */
export interface SharedCount {
  readonly failures: number;
  /** Until what was counted, or the block that came of it, ends; in ms. */
  readonly endsInMs: number;
}

/** Failures that instances count together. */
export abstract class SharedFailures {
  /**
   * Counts one failure in each scope. Takes a short time at most.
   *
   * @returns what is counted now; scopes of which that cannot be found out are left out.
   */
  abstract count(keys: PerScope<string>): Promise<Partial<Record<ThrottleScope, SharedCount>>>;
}

/** There is nothing to share them by: each instance counts for itself. */
export class NothingShared extends SharedFailures {
  count(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }
}
