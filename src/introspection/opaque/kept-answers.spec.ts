import { Logger } from '@nestjs/common';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import {
  introspectionFixture,
  TestClock,
  TestIntrospectionSettings,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../../test/support/introspection-endpoint.js';
import { ObservedStore } from '../../../test/support/observed-store.js';
import { RecordingLogger } from '../../../test/support/recording-logger.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import {
  parseTokenIntrospector,
  type EndpointIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import type { JsonObject } from '../../policy/json.js';
import { CacheMetrics } from '../cache-metrics.js';
import { IntrospectionUnavailable } from '../errors.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { SealedCache } from '../sealed-cache.js';
import { IntrospectionResults } from './introspection-results.js';
import { MAX_KEPT_CHARACTERS } from './known-results.js';

let endpoint: IntrospectionEndpoint;
let fixture: IntrospectionFixture;
let store: ObservedStore;

const configure = (elements: object = {}): void => {
  const introspection_endpoint = { url: endpoint.url };
  fixture.introspectors.set({
    ...{ id: 'o', type: 'opaque', cache_ttl: 600, introspection_endpoint },
    ...elements,
  });
};

beforeEach(async () => {
  endpoint = await startIntrospectionEndpoint();
  endpoint.answers.set('t', { active: true, sub: 'ada' });
  store = new ObservedStore();
  fixture = introspectionFixture({}, createCache({ stores: [new Keyv({ store })] }));
  configure();
});
afterEach(async () => {
  await fixture.stop();
  await endpoint.stop();
});

describe('an answer that is kept', () => {
  it('is not looked for anywhere else', async () => {
    await fixture.refusals('t');
    const { looks } = store;
    await fixture.refusals('t');

    expect(looks).toBeGreaterThan(0);
    expect(store.looks).toBe(looks);
  });

  it('is forgotten when told so, as is one that comes after', async () => {
    await fixture.refusals('t');
    store.clear();
    fixture.results.forget();
    const underWay = fixture.refusals('t');
    fixture.results.forget();
    await underWay;
    store.clear();
    await fixture.refusals('t');

    expect(endpoint.askedAbout('t')).toBe(3);
  });

  it('stays in the shared cache for cache_ttl and stale_if_error, or until its exp', async () => {
    configure({ stale_if_error: 200 });
    await fixture.refusals('t');
    expect(store.seconds()).toEqual([800]);
    store.clear();
    endpoint.answers.set('u', { active: true, exp: fixture.clock.now() / 1000 + 30 });
    await fixture.refusals('u');

    expect(store.seconds()).toEqual([30]);
  });

  it('is in no shared cache for less than a millisecond, which would be for good', async () => {
    endpoint.answers.set('u', { active: true, exp: fixture.clock.now() / 1000 + 0.0005 });

    await expect(fixture.refusals('u')).resolves.toEqual([]);
    expect(store.size).toBe(0);
  });

  it.each([
    ['as long as may be', 0, 1],
    ['longer', 1, 0],
  ])('is in the shared cache unless it is too long: %s', async (_what, more, size) => {
    const kept = { answer: { active: true, sub: '' }, askedAtMs: fixture.clock.now() };
    const room = MAX_KEPT_CHARACTERS - JSON.stringify(kept).length;
    endpoint.answers.set('u', { active: true, sub: 'x'.repeat(room + more) });

    await expect(fixture.refusals('u')).resolves.toEqual([]);
    expect(store.size).toBe(size);
  });

  it('is counted as what was found, or missed', async () => {
    const registry = new MetricsRegistry();
    const settings = new TestIntrospectionSettings();
    const http = new OutboundHttp(settings);
    const sealed = new SealedCache(createCache(), settings);
    const metrics = new CacheMetrics(registry);
    const results = new IntrospectionResults(http, sealed, new TestClock(), metrics);
    const introspector = parseTokenIntrospector({
      ...{ id: 'o', type: 'opaque', introspection_endpoint: { url: endpoint.url } },
    }) as EndpointIntrospector;
    for (let at = 0; at < 3; at += 1) await results.of('t', introspector);
    const lines = (await registry.metrics()).split('\n');

    expect(lines.filter((line) => line.startsWith('wardgate_'))).toEqual([
      'wardgate_introspection_cache_lookups_total{cache="results",result="miss"} 1',
      'wardgate_introspection_cache_lookups_total{cache="results",result="hit"} 2',
    ]);
    await http.onModuleDestroy();
  });
});

describe('a call that fails', () => {
  /** Gets somewhere once. */
  class BreakingHttp extends OutboundHttp {
    private hasAnswered = false;

    constructor(private readonly error: Error) {
      super(new TestIntrospectionSettings());
    }

    override postForm(): Promise<JsonObject> {
      if (this.hasAnswered) return Promise.reject(this.error);
      this.hasAnswered = true;
      return Promise.resolve({ active: true });
    }
  }

  /** What the second question brings about, while the answer to the first could still serve. */
  async function failing(error: Error, stale_if_error: number): Promise<unknown> {
    const broken = introspectionFixture({}, createCache(), new BreakingHttp(error));
    const introspection_endpoint = { url: endpoint.url };
    const own = { id: 'o', type: 'opaque', cache_ttl: 60, introspection_endpoint };
    broken.introspectors.set({ ...own, stale_if_error });
    await broken.refusals('t');
    broken.clock.advance(60);
    const thrown = await broken.refusals('t').catch((it: unknown) => it);
    await broken.stop();
    return thrown;
  }

  it('is logged with what brought it about', async () => {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    const cause = new Error('no route');

    await expect(
      failing(new OutboundFailure('It failed', undefined, { cause }), 0),
    ).resolves.toEqual(expect.any(IntrospectionUnavailable));
    expect(logger.lines).toEqual([expect.stringContaining('cannot be asked: It failed: no route')]);
  });

  it('by a fault of its own is passed on as that', async () => {
    const fault = new TypeError('a fault');

    await expect(failing(fault, 300)).resolves.toBe(fault);
  });
});
