import { LRUCache } from 'lru-cache';

const MAX_ENTRIES = 1000;

/** How long an endpoint that is down is not asked about tokens for which a kept answer may serve. */
export const RETRY_PAUSE_MS = 5000;

interface Failure {
  readonly atMs: number;
  readonly isDown: boolean;
}

/** Which endpoints failed lately, by the revision of their introspector. */
export class FailingEndpoints {
  private readonly failures = new LRUCache<string, Failure>({ max: MAX_ENTRIES });

  /** Whether it is down, so that kept answers may serve beyond their time to live. */
  isDown(revision: string, nowMs: number): boolean {
    const failure = this.failures.get(revision);
    return failure?.isDown === true && Math.abs(nowMs - failure.atMs) < RETRY_PAUSE_MS;
  }

  /** The endpoint is asked again: until that one call has ended, the others go on as they were. */
  beginRetry(revision: string, atMs: number): void {
    const failure = this.failures.get(revision);
    if (failure) this.failures.set(revision, { ...failure, atMs });
  }

  /**
   * @param isDown the failure says so of the endpoint; else the one token may have brought it about,
   * and it says nothing about those of others
   * @returns whether the last call had not failed yet.
   */
  failed(revision: string, isDown: boolean, atMs: number): boolean {
    const isNew = !this.failures.has(revision);
    this.failures.set(revision, { atMs, isDown });
    return isNew;
  }

  /** @returns whether the last call had failed. */
  recovered(revision: string): boolean {
    return this.failures.delete(revision);
  }
}
