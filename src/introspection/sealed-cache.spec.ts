import { Logger } from '@nestjs/common';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import { TestIntrospectionSettings } from '../../test/support/introspection-fixture.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { CacheMetrics } from './cache-metrics.js';
import { SealedCache } from './sealed-cache.js';

const settings = new TestIntrospectionSettings({ cacheSecret: 'secret' });

function sealed(): { readonly cache: SealedCache; readonly store: Map<string, string> } {
  const store = new Map<string, string>();
  return {
    cache: new SealedCache(createCache({ stores: [new Keyv({ store })] }), settings),
    store,
  };
}

/** Counts what the cache found, in the words of the exposition. */
function counting(cacheManager: Cache) {
  const registry = new MetricsRegistry();
  const cache = new SealedCache(cacheManager, settings, new CacheMetrics(registry));
  const counted = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('wardgate_'));
  return { cache, counted };
}

const looked = (result: string): string =>
  `wardgate_introspection_cache_lookups_total{cache="shared",result="${result}"} 1`;

describe('SealedCache', () => {
  it('gives back what it stored, under the same parts only', async () => {
    const { cache } = sealed();
    await cache.slot(['jwks', 'a']).set('text', 60_000);

    await expect(cache.get(['jwks', 'a'])).resolves.toBe('text');
    await expect(cache.get(['jwks,a'])).resolves.toBeUndefined();
    await expect(cache.get(['jwks', 'b'])).resolves.toBeUndefined();
  });

  it('misses an entry that was changed', async () => {
    const { cache, store } = sealed();
    await cache.slot(['a']).set('trusted', 60_000);
    for (const [key, entry] of store) store.set(key, entry.replace('trusted', 'altered'));

    await expect(cache.get(['a'])).resolves.toBeUndefined();
  });

  it('misses an entry that was moved to another key', async () => {
    const { cache, store } = sealed();
    await cache.slot(['a']).set('of a', 60_000);
    await cache.slot(['b']).set('of b', 60_000);
    const [first, second] = [...store.keys()];
    store.set(second ?? '', store.get(first ?? '') ?? '');

    await expect(cache.get(['a'])).resolves.toBe('of a');
    await expect(cache.get(['b'])).resolves.toBeUndefined();
  });

  it('keeps neither parts nor secrets in its keys', async () => {
    const { cache, store } = sealed();
    await cache.slot(['https://auth.example.com']).set('text', 60_000);

    expect([...store.keys()].join()).not.toContain('auth.example.com');
  });

  it('misses what is no entry of its own', async () => {
    const { cache, store } = sealed();
    await cache.slot(['a']).set('text', 60_000);
    for (const key of store.keys()) store.set(key, JSON.stringify({ value: { a: 1 } }));

    await expect(cache.get(['a'])).resolves.toBeUndefined();
  });

  it('counts what it found, and an entry that is not its own apart', async () => {
    const store = new Map<string, string>();
    const { cache, counted } = counting(createCache({ stores: [new Keyv({ store })] }));

    await cache.get(['a']);
    await cache.slot(['a']).set('text', 60_000);
    await cache.get(['a']);
    for (const [key, entry] of store) store.set(key, entry.replace('text', 'tent'));
    await cache.get(['a']);

    expect(await counted()).toEqual(['miss', 'hit', 'forged'].map(looked));
  });

  it('does without a cache that fails, and says so', async () => {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    const fails = (): Promise<never> => Promise.reject(new Error('gone'));
    const failing: Pick<Cache, 'get' | 'set' | 'del'> = { get: fails, set: fails, del: fails };
    const { cache, counted } = counting(failing as Cache);

    await expect(cache.get(['a'])).resolves.toBeUndefined();
    await expect(cache.slot(['a']).set('text', 60_000)).resolves.toBeUndefined();
    await expect(cache.slot(['a']).clear()).resolves.toBeUndefined();

    expect(await counted()).toEqual([looked('failed')]);
    expect(logger.lines).toEqual([
      expect.stringContaining('The cache cannot be read: Error: gone'),
      expect.stringContaining('The cache cannot be written: Error: gone'),
      expect.stringContaining('The cache cannot be written: Error: gone'),
    ]);
  });

  it('finds nothing of another epoch, and what it stored when it is back', async () => {
    const { cache } = sealed();
    await cache.slot(['a']).set('first', 60_000);
    cache.enterEpoch('second');

    await expect(cache.get(['a'])).resolves.toBeUndefined();
    await cache.slot(['a']).set('second', 60_000);
    await expect(cache.get(['a'])).resolves.toBe('second');
    cache.enterEpoch('');
    await expect(cache.get(['a'])).resolves.toBe('first');
  });

  it('does not find what was on its way when the epoch changed', async () => {
    const { cache } = sealed();
    const slot = cache.slot(['a']);
    cache.enterEpoch('second');
    await slot.set('of before', 60_000);

    await expect(cache.get(['a'])).resolves.toBeUndefined();
    await expect(slot.get()).resolves.toBe('of before');
  });
});
