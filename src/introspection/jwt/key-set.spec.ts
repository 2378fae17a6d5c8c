import { createCache } from 'cache-manager';
import { jest } from '@jest/globals';
import {
  TestClock,
  TestIntrospectionSettings,
} from '../../../test/support/introspection-fixture.js';
import { ecKey, rsaKey } from '../../../test/support/token-signer.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { Json, JsonObject } from '../../policy/json.js';
import { CacheMetrics } from '../cache-metrics.js';
import { SealedCache } from '../sealed-cache.js';
import { publishedKeySet } from './key-set.js';
import { PublishedKeys } from './published-keys.js';

const ec = ecKey('ec').jwk as JsonObject;
const rsa = rsaKey('rsa').jwk as JsonObject;

/** `kid` and algorithms of each key that a document holds. */
function keysOf(keys: Json): readonly string[] | undefined {
  return publishedKeySet({ keys })?.keys.map(({ kid, algorithms }) =>
    [kid ?? '-', ...algorithms].join(' '),
  );
}

function without(jwk: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
}

describe('a published document', () => {
  it.each<[string, Json]>([
    ['a text', 'x'],
    ['an object', {}],
    ['a list that holds a text', [ec, 'x']],
    ['a list that holds a list', [ec, []]],
    ['257 keys', Array.from({ length: 257 }, () => ec)],
  ])('whose keys are %s is no key set', (_what, keys) => {
    expect(publishedKeySet({ keys })).toBeUndefined();
  });

  it('without keys is none, with 256 it is one', () => {
    expect(publishedKeySet({})).toBeUndefined();
    expect(keysOf([])).toEqual([]);
    expect(keysOf(Array.from({ length: 256 }, () => ec))).toHaveLength(256);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['for signatures', ec, ['ec ES256']],
    ['that does not say for what', without(ec, 'use'), ['ec ES256']],
    ['for encryption', { ...ec, use: 'enc' }, []],
    ['that may verify', { ...ec, key_ops: ['sign', 'verify'] }, ['ec ES256']],
    ['that may not', { ...ec, key_ops: ['sign'] }, []],
    ['without a name', without(ec, 'kid'), ['- ES256']],
    ['of an algorithm that it cannot have', { ...ec, alg: 'RS256' }, []],
    ['of its own algorithm', without(ec, 'alg'), ['ec ES256']],
    ['of one of several algorithms', rsa, ['rsa RS256']],
    ['that everybody knows', { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' }, []],
    ['that cannot be read', { ...ec, x: 'AA' }, []],
  ])('holds a key %s: %#', (_what, jwk, expected) => {
    expect(keysOf([jwk])).toEqual(expected);
  });

  it('lets a key without alg verify all that its kind can', () => {
    const [all = ''] = keysOf([without(rsa, 'alg')]) ?? [];

    expect(all.split(' ').sort()).toEqual(
      ['rsa', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].sort(),
    );
  });

  it('has another revision when its keys are others', () => {
    const [one, same, other] = [[ec], [ec], [rsa]].map((keys) => publishedKeySet({ keys }));

    expect(one?.revision).toBe(same?.revision);
    expect(one?.revision).not.toBe(other?.revision);
  });
});

describe('the moment from which keys in use are renewed', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['earliest', 0, 74, 76],
    ['latest', 0.999, 89, 91],
  ])('is at the %s after %j spread: not at %i %%, but at %i %%', async (_when, spread, no, yes) => {
    jest.spyOn(Math, 'random').mockReturnValue(spread);
    const clock = new TestClock();
    let calls = 0;
    const keys = new PublishedKeys({
      fetch: () => {
        calls += 1;
        return Promise.resolve({ keys: [ec] });
      },
      cache: new SealedCache(createCache(), new TestIntrospectionSettings()),
      cacheKey: ['k'],
      clock,
      metrics: new CacheMetrics(new MetricsRegistry()),
      ttlMs: 100_000,
      staleIfErrorMs: 0,
    });
    const settle = async (): Promise<void> => {
      await keys.current();
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    };

    await settle();
    clock.advance(no);
    await settle();
    expect(calls).toBe(1);
    clock.advance(yes - no);
    await settle();
    expect(calls).toBe(2);
  });
});
