import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../../policy/json.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { CacheMetrics } from '../cache-metrics.js';
import { Clock } from '../clock.js';
import { IntrospectionUnavailable } from '../errors.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { SealedCache } from '../sealed-cache.js';
import { inTime } from './in-time.js';
import { fetchKeyDocument, type RemoteKeySource } from './key-document.js';
import { localKeySet, type KeySet } from './key-set.js';
import { PublishedKeys } from './published-keys.js';

const MAX_PUBLISHED = 1000;

/** The keys of each introspector, never pooled: one revision of one introspector, one key set. */
@Injectable()
export class KeySets {
  private readonly log = new Logger(KeySets.name);
  private readonly local = new WeakMap<JwtIntrospector, KeySet>();
  private readonly published = new LRUCache<string, PublishedKeys>({ max: MAX_PUBLISHED });

  constructor(
    private readonly http: OutboundHttp,
    private readonly cache: SealedCache,
    private readonly clock: Clock,
    private readonly metrics: CacheMetrics = new CacheMetrics(new MetricsRegistry()),
  ) {}

  /**
   * The keys that may verify a token now.
   *
   * @throws IntrospectionUnavailable when they cannot be had.
   */
  async current(introspector: JwtIntrospector): Promise<KeySet> {
    // The keys that are left must not stand in for the one that cannot be had.
    if (introspector.lacksSecret) throw new IntrospectionUnavailable(introspector.id);
    const source = introspector.keySource;
    switch (source.kind) {
      case 'none':
        throw new IntrospectionUnavailable(introspector.id);
      case 'secret':
      case 'keys':
        return this.localKeys(introspector, () => localKeySet(source));
      case 'jwks':
      case 'discovery':
        return this.available(introspector, this.publishedKeys(introspector, source).current());
    }
  }

  /**
   * The keys after one look for a key id that `seen` lacks; local keys stay as they are.
   *
   * @param askedAt when the request began to wait for keys (`performance.now()`): where `seen` had to
   *   be fetched for it first, both looks together take no longer than one call may
   * @throws IntrospectionUnavailable when the look failed, or took longer than the request may wait.
   */
  async lookAgain(introspector: JwtIntrospector, seen: KeySet, askedAt: number): Promise<KeySet> {
    const source = introspector.keySource;
    if (source.kind !== 'jwks' && source.kind !== 'discovery') return this.current(introspector);
    const look = this.publishedKeys(introspector, source).lookAgain(seen);
    const leftMs = askedAt + this.http.timeoutMs - performance.now();
    return this.available(introspector, inTime(look, leftMs));
  }

  /** Forgets the keys that this process holds; those in the shared cache are its owner's to clear. */
  forget(): void {
    this.published.clear();
  }

  private localKeys(introspector: JwtIntrospector, read: () => KeySet): KeySet {
    const known = this.local.get(introspector) ?? read();
    this.local.set(introspector, known);
    return known;
  }

  private publishedKeys(introspector: JwtIntrospector, source: RemoteKeySource): PublishedKeys {
    const cacheKey = ['jwks', JSON.stringify(source), introspector.revision];
    const id = JSON.stringify(cacheKey);
    const known = this.published.get(id);
    if (known !== undefined) return known;
    const created = new PublishedKeys({
      fetch: () => this.fetch(introspector.id, source),
      cache: this.cache,
      cacheKey,
      clock: this.clock,
      metrics: this.metrics,
      ttlMs: introspector.cacheTtlSeconds * 1000,
      staleIfErrorMs: introspector.staleIfErrorSeconds * 1000,
    });
    this.published.set(id, created);
    return created;
  }

  private async fetch(introspectorId: string, source: RemoteKeySource): Promise<JsonObject> {
    try {
      return await fetchKeyDocument(source, this.http, this.http.deadline());
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
      this.log.warn(`Keys of TokenIntrospector/${introspectorId} cannot be had: ${reason}`);
      throw error;
    }
  }

  private async available(introspector: JwtIntrospector, keys: Promise<KeySet>): Promise<KeySet> {
    try {
      return await keys;
    } catch (error) {
      throw new IntrospectionUnavailable(introspector.id, error);
    }
  }
}
