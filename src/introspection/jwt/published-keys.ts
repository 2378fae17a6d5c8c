import type { JsonObject } from '../../policy/json.js';
import { isObject, numberAt, objectAt } from '../../resources/token-introspector/json-members.js';
import type { CacheMetrics } from '../cache-metrics.js';
import type { Clock } from '../clock.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import type { SealedCache } from '../sealed-cache.js';
import { parseStrictJson } from '../strict-json.js';
import { publishedKeySet, type KeySet } from './key-set.js';

/** How the keys of one introspector are fetched and kept. */
export interface PublishedKeysOptions {
  /** Fetches the JWK set document; throws OutboundFailure. */
  readonly fetch: () => Promise<JsonObject>;
  readonly cache: SealedCache;
  /** Names the entry in the shared cache; ends with the introspector's revision. */
  readonly cacheKey: readonly string[];
  readonly clock: Clock;
  readonly metrics: CacheMetrics;
  readonly ttlMs: number;
  readonly staleIfErrorMs: number;
}

interface FetchedKeys {
  readonly keySet: KeySet;
  readonly fetchedAt: number;
}

/** Least time between two refetches for unknown key ids, and between retries while known keys serve. */
export const REFETCH_COOLDOWN_MS = 10_000;

/** How long a failure says that the issuer fails; longer than a renewal that fails takes to come. */
const FAILURE_STANDS_MS = 3 * REFETCH_COOLDOWN_MS;

/** How long a failed fetch answers for the next ones where no keys serve: a flood costs one fetch. */
export const FAILURE_MEMORY_MS = 1000;

/** Part of the time to live after which keys in use are fetched anew, before anybody has to wait. */
const AHEAD_FROM = 0.75;
/** Spreads that moment, so that instances and introspectors do not ask all at once. */
const AHEAD_JITTER = 0.15;

/**
 * The published keys of one revision of one introspector: one fetch in flight, kept for their time
 * to live, refetched at most once per cooldown for key ids that they do not have (spec §2, JWKS).
 *
 * Keys that are asked for towards the end of their time are fetched in the background. That takes no
 * timer: keys that nobody uses cost their issuer nothing, and there is nothing to stop.
 */
export class PublishedKeys {
  private known: FetchedKeys | undefined;
  private inFlight: Promise<FetchedKeys> | undefined;
  private refetchedAt = -Infinity;
  private failedAt = -Infinity;
  private failure: Error | undefined;
  private isRenewing = false;
  private aheadMs: number;

  constructor(private readonly options: PublishedKeysOptions) {
    this.aheadMs = this.nextAheadMs();
  }

  /**
   * The keys as they are now.
   *
   * @throws OutboundFailure when they cannot be had and none are known that may still serve.
   */
  async current(): Promise<KeySet> {
    const isHit =
      this.isWithin(this.options.ttlMs) || (this.isKnownToFail() && this.mayServeStale());
    this.options.metrics.lookedUp('keys', isHit ? 'hit' : 'miss');
    if (isHit) {
      this.renewAhead();
      return this.keySet();
    }
    if (this.failure !== undefined && this.failedJustNow()) throw this.failure;
    await this.readCache();
    if (this.isWithin(this.options.ttlMs)) return this.keySet();
    try {
      return (await this.refresh()).keySet;
    } catch (error) {
      if (this.mayServeStale()) return this.keySet();
      throw error;
    }
  }

  /**
   * The keys after a look for a key id that they lack. Within the cooldown the known ones, without a
   * look; a look that failed stands for all of its cooldown, because nobody can tell what it missed.
   *
   * @param seen the keys that lack it; when others are known by now, those are the look
   * @throws OutboundFailure when the look failed.
   */
  async lookAgain(seen: KeySet): Promise<KeySet> {
    if (this.known !== undefined && this.known.keySet !== seen) return this.current();
    if (this.inFlight) return (await this.inFlight).keySet;
    if (this.hasPassed(this.refetchedAt, REFETCH_COOLDOWN_MS)) {
      this.refetchedAt = this.options.clock.now();
      return (await this.refresh()).keySet;
    }
    if (this.failure !== undefined) throw this.failure;
    return this.current();
  }

  /** Nobody waits for it. */
  private renewAhead(): void {
    const isBusy = this.isRenewing || this.inFlight !== undefined;
    if (isBusy || this.isWithin(this.aheadMs)) return;
    if (!this.hasPassed(this.failedAt, REFETCH_COOLDOWN_MS)) return;
    this.isRenewing = true;
    void this.renew().finally(() => {
      this.isRenewing = false;
    });
  }

  private async renew(): Promise<void> {
    // Another instance may have been first.
    await this.readCache();
    if (this.isWithin(this.aheadMs)) return;
    // Remembered as the failure; the known keys stay for their time.
    await this.refresh().catch(() => undefined);
  }

  private refresh(): Promise<FetchedKeys> {
    this.inFlight ??= this.fetch()
      .catch((error: unknown) => {
        this.failure = error as Error;
        this.failedAt = this.options.clock.now();
        throw error;
      })
      .finally(() => {
        this.inFlight = undefined;
      });
    return this.inFlight;
  }

  private async fetch(): Promise<FetchedKeys> {
    const { cache, cacheKey, clock, ttlMs, staleIfErrorMs } = this.options;
    const slot = cache.slot(cacheKey);
    const fetchedAt = clock.now();
    const document = await this.options.fetch();
    const keySet = publishedKeySet(document);
    if (keySet === undefined) throw new OutboundFailure('The answer is no JWK set');
    const fetched = { keySet, fetchedAt };
    this.known = fetched;
    this.failure = undefined;
    this.aheadMs = this.nextAheadMs();
    await slot.set(JSON.stringify({ fetchedAt, document }), ttlMs + staleIfErrorMs);
    return fetched;
  }

  private async readCache(): Promise<void> {
    const text = await this.options.cache.get(this.options.cacheKey);
    const entry = text === undefined ? undefined : parseStrictJson(Buffer.from(text));
    const fetchedAt = entry && numberAt(entry, 'fetchedAt');
    if (!isObject(entry) || fetchedAt === undefined) return;
    // One from the future counts for nothing yet, and would take the place of one that does.
    if (fetchedAt > this.options.clock.now()) return;
    const keySet = publishedKeySet(objectAt(entry, 'document'));
    if (keySet !== undefined && fetchedAt > (this.known?.fetchedAt ?? -Infinity)) {
      this.known = { keySet, fetchedAt };
    }
  }

  private nextAheadMs(): number {
    return this.options.ttlMs * (AHEAD_FROM + AHEAD_JITTER * Math.random());
  }

  private isKnownToFail(): boolean {
    return this.failure !== undefined && !this.hasPassed(this.failedAt, FAILURE_STANDS_MS);
  }

  /** Whether the last fetch failed a moment ago, and none is under way that could be waited for. */
  private failedJustNow(): boolean {
    return this.inFlight === undefined && !this.hasPassed(this.failedAt, FAILURE_MEMORY_MS);
  }

  private mayServeStale(): boolean {
    return this.isWithin(this.options.ttlMs + this.options.staleIfErrorMs);
  }

  private isWithin(ms: number): boolean {
    if (this.known === undefined) return false;
    const age = this.options.clock.now() - this.known.fetchedAt;
    // A negative age is a clock set back: such an entry might never grow old.
    return age >= 0 && age < ms;
  }

  private hasPassed(since: number, ms: number): boolean {
    // A clock set back makes it pass at once rather than never.
    return Math.abs(this.options.clock.now() - since) >= ms;
  }

  private keySet(): KeySet {
    if (this.known === undefined) throw new OutboundFailure('No keys are known');
    return this.known.keySet;
  }
}
