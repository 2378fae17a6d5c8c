import { Logger } from '@nestjs/common';
import { createCache } from 'cache-manager';
import {
  TestClock,
  TestIntrospectionSettings,
} from '../../../test/support/introspection-fixture.js';
import { RecordingLogger } from '../../../test/support/recording-logger.js';
import { ecKey } from '../../../test/support/token-signer.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type JwtIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { CacheMetrics } from '../cache-metrics.js';
import { IntrospectionUnavailable } from '../errors.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { OutboundHttp, type CallOptions } from '../outbound/outbound-http.js';
import { SealedCache } from '../sealed-cache.js';
import { KeySets } from './key-sets.js';

const ISSUER = 'https://issuer.example';
const settings = new TestIntrospectionSettings();

/** An issuer in place of the network. */
class IssuerHttp extends OutboundHttp {
  readonly calls: (CallOptions & { readonly url: string })[] = [];
  failure: Error | undefined;
  issuer = ISSUER;

  constructor() {
    super(settings);
  }

  override getJson(url: string, options: CallOptions = {}): Promise<JsonObject> {
    this.calls.push({ url, ...options });
    if (this.failure) return Promise.reject(this.failure);
    const discovery = { issuer: this.issuer, jwks_uri: `${ISSUER}/keys` };
    const keys = { keys: [ecKey('ec').jwk as JsonObject] };
    return Promise.resolve(url.endsWith('configuration') ? discovery : keys);
  }
}

let http: IssuerHttp;
let keySets: KeySets;
let registry: MetricsRegistry;

beforeEach(() => {
  http = new IssuerHttp();
  registry = new MetricsRegistry();
  const cache = new SealedCache(createCache(), settings);
  keySets = new KeySets(http, cache, new TestClock(), new CacheMetrics(registry));
});
afterEach(async () => {
  await http.onModuleDestroy();
});

function introspector(elements: JsonObject, areMissing = false): JwtIntrospector {
  const resource = { id: 'i', type: 'jwt', ...elements };
  return parseTokenIntrospector(resource, { areMissing, revision: '' }) as JwtIntrospector;
}

const LOCAL: JsonObject = { jwt: { secret: 'k'.repeat(64) } };
const REMOTE: JsonObject = { jwks_uri: `${ISSUER}/keys` };
const DISCOVERED: JsonObject = { jwt: { iss: ISSUER } };

describe('the keys of an introspector', () => {
  it('are read once where it holds them itself, and stay what they are', async () => {
    const local = introspector(LOCAL);
    const keys = await keySets.current(local);

    expect(await keySets.current(local)).toBe(keys);
    expect(await keySets.lookAgain(local, keys, performance.now())).toBe(keys);
    expect(http.calls).toEqual([]);
  });

  it.each([
    ['its own', LOCAL],
    ['published ones', REMOTE],
  ])('cannot be had while a secret cannot: %s', async (_what, elements) => {
    const missing = introspector(elements, true);

    await expect(keySets.current(missing)).rejects.toThrow(IntrospectionUnavailable);
    expect(http.calls).toEqual([]);
  });

  it('are fetched as keys, each within one deadline', async () => {
    await keySets.current(introspector(REMOTE));

    const signal = expect.any(AbortSignal);
    expect(http.calls).toEqual([{ url: `${ISSUER}/keys`, purpose: 'keys', signal }]);
  });

  it.each([ISSUER, `${ISSUER}/`])('are found by the issuer alone: %s', async (iss) => {
    http.issuer = iss;
    await keySets.current(introspector({ jwt: { iss } }));

    const [first, second] = http.calls;
    const url = `${ISSUER}/.well-known/openid-configuration`;
    expect(first).toEqual({ url, purpose: 'discovery', signal: expect.any(AbortSignal) });
    expect(second).toEqual({ url: `${ISSUER}/keys`, purpose: 'keys', signal: first?.signal });
  });

  it.each([
    ['at an address', REMOTE, 2],
    ['by discovery', DISCOVERED, 4],
  ])('are looked for once more where they are published %s', async (_where, elements, times) => {
    const remote = introspector(elements);
    const seen = await keySets.current(remote);

    expect(await keySets.lookAgain(remote, seen, performance.now())).not.toBe(seen);
    expect(http.calls).toHaveLength(times);
  });

  it('are fetched anew when they were forgotten, unless others keep them', async () => {
    const remote = introspector(REMOTE);
    const known = await keySets.current(remote);
    expect(await keySets.current(remote)).toBe(known);
    keySets.forget();

    expect(await keySets.current(remote)).not.toBe(known);
  });

  it('are counted as what was found, or missed', async () => {
    const remote = introspector(REMOTE);
    for (let at = 0; at < 3; at += 1) await keySets.current(remote);
    const lines = (await registry.metrics()).split('\n');

    expect(lines.filter((line) => line.startsWith('wardgate_'))).toEqual([
      'wardgate_introspection_cache_lookups_total{cache="keys",result="miss"} 1',
      'wardgate_introspection_cache_lookups_total{cache="keys",result="hit"} 2',
    ]);
  });

  it.each([
    ['with what brought it about', new Error('no route'), ': no route'],
    ['or without', 'a text', ''],
  ])('that cannot be fetched are told of in the log, %s', async (_what, cause, more) => {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    http.failure = new OutboundFailure('It failed', undefined, { cause });

    await expect(keySets.current(introspector(REMOTE))).rejects.toMatchObject({
      constructor: IntrospectionUnavailable,
      cause: http.failure,
    });
    expect(logger.lines).toEqual([
      expect.stringContaining(`TokenIntrospector/i cannot be had: It failed${more}'`),
    ]);
  });
});
