import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { Tally } from '../metrics/tally.js';

/** Key sets and introspection results of this process, and the cache that instances may share. */
export type CacheName = 'keys' | 'results' | 'shared';

/** What a look into a cache brought: `forged` is an entry whose seal does not hold, `failed` no answer. */
export type CacheResult = 'hit' | 'miss' | 'forged' | 'failed';

/** Counts what the caches of introspection save. */
@Injectable()
export class CacheMetrics {
  private readonly lookups: Tally;

  constructor(registry: MetricsRegistry) {
    this.lookups = new Tally(registry, {
      name: 'wardgate_introspection_cache_lookups_total',
      help: 'Looks into the caches of introspection, by cache and result',
      labels: ['cache', 'result'],
    });
  }

  /** Somebody looked into a cache. */
  lookedUp(cache: CacheName, result: CacheResult): void {
    this.lookups.count(cache, result);
  }
}
