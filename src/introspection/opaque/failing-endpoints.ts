import { LRUCache } from 'lru-cache';

const MAX_ENTRIES = 1000;

/** How long an endpoint that failed is not asked about tokens for which a kept answer may serve. */
export const RETRY_PAUSE_MS = 5000;

/** Which endpoints failed lately, by the revision of their introspector. */
export class FailingEndpoints {
  private readonly failedAt = new LRUCache<string, number>({ max: MAX_ENTRIES });

  /** Whether kept answers may serve beyond their time to live. */
  isFailing(revision: string, nowMs: number): boolean {
    const failedAt = this.failedAt.get(revision);
    return failedAt !== undefined && Math.abs(nowMs - failedAt) < RETRY_PAUSE_MS;
  }

  /** The endpoint is asked again: until that one call has ended, the others go on as they were. */
  beginRetry(revision: string, nowMs: number): void {
    if (this.failedAt.has(revision)) this.failedAt.set(revision, nowMs);
  }

  /** @returns whether the last call had not failed yet. */
  failed(revision: string, nowMs: number): boolean {
    const isNew = !this.failedAt.has(revision);
    this.failedAt.set(revision, nowMs);
    return isNew;
  }

  /** @returns whether the last call had failed. */
  recovered(revision: string): boolean {
    return this.failedAt.delete(revision);
  }
}
