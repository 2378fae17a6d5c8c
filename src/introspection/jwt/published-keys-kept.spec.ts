import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import {
  TestClock,
  TestIntrospectionSettings,
} from '../../../test/support/introspection-fixture.js';
import { ObservedStore } from '../../../test/support/observed-store.js';
import { ecKey } from '../../../test/support/token-signer.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { JsonObject } from '../../policy/json.js';
import { CacheMetrics } from '../cache-metrics.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { SealedCache } from '../sealed-cache.js';
import { PublishedKeys, REFETCH_COOLDOWN_MS } from './published-keys.js';

const TTL_MS = 100_000;
const STALE_MS = 500_000;
const documents = [ecKey('a'), ecKey('b'), ecKey('c')].map(({ jwk }) => ({
  keys: [jwk as JsonObject],
}));

let store: ObservedStore;
let sealed: SealedCache;
let clock: TestClock;
let calls: number;
let fetch: () => Promise<JsonObject>;
let keys: PublishedKeys;

beforeEach(() => {
  store = new ObservedStore();
  const cache = createCache({ stores: [new Keyv({ store })] });
  sealed = new SealedCache(cache, new TestIntrospectionSettings());
  clock = new TestClock();
  calls = 0;
  fetch = () => Promise.resolve(documents[(calls - 1) % documents.length] ?? {});
  keys = new PublishedKeys({
    fetch: () => {
      calls += 1;
      return fetch();
    },
    cache: sealed,
    cacheKey: ['k'],
    clock,
    metrics: new CacheMetrics(new MetricsRegistry()),
    ttlMs: TTL_MS,
    staleIfErrorMs: STALE_MS,
  });
});

const fails = (): Promise<never> => Promise.reject(new OutboundFailure('gone'));

/** Asks, and lets what nobody waits for come to its end. */
async function settled(): Promise<void> {
  await keys.current();
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('published keys that are kept', () => {
  it('stay in the shared cache for as long as they may serve', async () => {
    await keys.current();

    expect(store.seconds()).toEqual([(TTL_MS + STALE_MS) / 1000]);
  });

  it('are looked for nowhere while they are fresh', async () => {
    await settled();
    const { looks } = store;
    await settled();

    expect(store.looks).toBe(looks);
  });

  it('are renewed ahead each time', async () => {
    for (const times of [1, 2, 3]) {
      await settled();
      expect(calls).toBe(times);
      clock.advance((TTL_MS / 1000) * 0.95);
    }
  });

  it('give way to no older ones of another instance', async () => {
    const fetchedAt = clock.now() - 1000;
    const known = await keys.current();
    await sealed
      .slot(['k'])
      .set(JSON.stringify({ fetchedAt, document: documents[2] }), TTL_MS + STALE_MS);
    clock.advance(TTL_MS / 1000);
    fetch = fails;

    expect(await keys.current()).toBe(known);
  });

  it('give way to nothing that is no key set', async () => {
    const known = await keys.current();
    clock.advance(TTL_MS / 1000);
    await sealed
      .slot(['k'])
      .set(JSON.stringify({ fetchedAt: clock.now(), document: {} }), TTL_MS + STALE_MS);
    fetch = fails;

    expect(await keys.current()).toBe(known);
  });
});

describe('a look for a key that is not there', () => {
  it('is over where other keys are known by now', async () => {
    const seen = await keys.current();
    const newer = await keys.lookAgain(seen);

    expect(newer).not.toBe(seen);
    clock.advance(REFETCH_COOLDOWN_MS / 1000);
    expect(await keys.lookAgain(seen)).toBe(newer);
    expect(calls).toBe(2);
  });

  it('fails by no failure that is over', async () => {
    const seen = await keys.current();
    const succeeds = fetch;
    fetch = fails;
    await expect(keys.lookAgain(seen)).rejects.toThrow('gone');
    await expect(keys.lookAgain(seen)).rejects.toThrow('gone');
    fetch = succeeds;
    clock.advance(REFETCH_COOLDOWN_MS / 1000);
    const newer = await keys.lookAgain(seen);

    expect(await keys.lookAgain(newer)).toBe(newer);
  });
});

describe('an issuer that fails', () => {
  it('is waited for by nobody for half a minute, while kept keys serve', async () => {
    const known = await keys.current();
    clock.advance(TTL_MS / 1000);
    fetch = fails;
    expect(await keys.current()).toBe(known);
    fetch = () => new Promise<never>(() => undefined);

    clock.advance(29);
    expect(await keys.current()).toBe(known);
  });
});
