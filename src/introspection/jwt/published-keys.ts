import type { JsonObject } from '../../policy/json.js';
import { isObject, numberAt, objectAt } from '../../resources/token-introspector/json-members.js';
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
  readonly ttlMs: number;
  readonly staleIfErrorMs: number;
}

interface FetchedKeys {
  readonly keySet: KeySet;
  readonly fetchedAt: number;
}

/** Least time between two refetches for unknown key ids, and between retries of a failing source. */
export const REFETCH_COOLDOWN_MS = 10_000;

/**
 * The published keys of one revision of one introspector: one fetch in flight, kept for their time
 * to live, refetched at most once per cooldown for key ids that they do not have (spec §2, JWKS).
 */
export class PublishedKeys {
  private known: FetchedKeys | undefined;
  private inFlight: Promise<FetchedKeys> | undefined;
  private refetchedAt = -Infinity;
  private failedAt = -Infinity;
  private failure: Error | undefined;

  constructor(private readonly options: PublishedKeysOptions) {}

  /**
   * The keys as they are now.
   *
   * @throws OutboundFailure when they cannot be had and none are known that may still serve.
   */
  async current(): Promise<KeySet> {
    if (this.isWithin(this.options.ttlMs)) return this.keySet();
    await this.readCache();
    if (this.isWithin(this.options.ttlMs)) return this.keySet();
    const isPaused = !this.hasPassed(this.failedAt);
    if (isPaused && this.mayServeStale()) return this.keySet();
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
   * @throws OutboundFailure when the look failed.
   */
  async lookAgain(): Promise<KeySet> {
    if (this.inFlight) return (await this.inFlight).keySet;
    if (this.hasPassed(this.refetchedAt)) {
      this.refetchedAt = this.options.clock.now();
      return (await this.refresh()).keySet;
    }
    if (this.failure !== undefined) throw this.failure;
    return this.current();
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
    await slot.set(JSON.stringify({ fetchedAt, document }), ttlMs + staleIfErrorMs);
    return fetched;
  }

  private async readCache(): Promise<void> {
    const text = await this.options.cache.get(this.options.cacheKey);
    const entry = text === undefined ? undefined : parseStrictJson(Buffer.from(text));
    const fetchedAt = entry && numberAt(entry, 'fetchedAt');
    if (!isObject(entry) || fetchedAt === undefined) return;
    const keySet = publishedKeySet(objectAt(entry, 'document'));
    if (keySet !== undefined && fetchedAt > (this.known?.fetchedAt ?? -Infinity)) {
      this.known = { keySet, fetchedAt };
    }
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

  private hasPassed(since: number): boolean {
    return Math.abs(this.options.clock.now() - since) >= REFETCH_COOLDOWN_MS;
  }

  private keySet(): KeySet {
    if (this.known === undefined) throw new OutboundFailure('No keys are known');
    return this.known.keySet;
  }
}
