import { Logger } from '@nestjs/common';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type EndpointMode,
  type IntrospectionEndpoint,
} from '../../../test/support/introspection-endpoint.js';
import { RecordingLogger } from '../../../test/support/recording-logger.js';
import { IntrospectionUnavailable } from '../errors.js';
import { FAILURES_TO_OPEN } from '../outbound/circuit-breaker.js';

const SECRET = 'a secret of at least thirty-two bytes';

let endpoint: IntrospectionEndpoint;
let fixture: IntrospectionFixture;

beforeEach(async () => {
  endpoint = await startIntrospectionEndpoint();
  fixture = introspectionFixture();
  store(fixture);
});
afterEach(async () => {
  await fixture.stop();
  await endpoint.stop();
});

function store(target: IntrospectionFixture, elements: object = {}): void {
  target.introspectors.set({
    id: 'o',
    meta: { versionId: '1' },
    type: 'opaque',
    cache_ttl: 60,
    introspection_endpoint: { url: endpoint.url, authorization: 'Basic eDp5' },
    ...elements,
  });
}

function answer(token: string, members: object = {}): void {
  const exp = fixture.clock.now() / 1000 + 3600;
  endpoint.answers.set(token, { active: true, sub: 'ada', exp, ...members });
}

function sharedCache(): { cache: Cache; entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return { cache: createCache({ stores: [new Keyv({ store: entries })] }), entries };
}

describe('an endpoint that cannot be asked', () => {
  it.each<EndpointMode>([
    'slow',
    'garbage',
    'redirect',
    'huge',
    'twice',
    400,
    401,
    403,
    404,
    500,
    503,
  ])('is no reason to refuse a token: %s', async (mode) => {
    answer('t');
    endpoint.mode = mode;
    await expect(fixture.refusals('t')).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) },
    });
    endpoint.mode = 'up';

    await expect(fixture.refusals('t')).resolves.toEqual([]);
  });

  it('lets kept answers serve for stale_if_error, asked once per pause', async () => {
    store(fixture, { stale_if_error: 30 });
    answer('t');
    await fixture.refusals('t');
    endpoint.mode = 503;
    fixture.clock.advance(60);

    await expect(fixture.refusals('t')).resolves.toEqual([]);
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(2);
    fixture.clock.advance(5);
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(3);
    fixture.clock.advance(25);
    await expect(fixture.refusals('t')).rejects.toThrow(IntrospectionUnavailable);
  });

  it('is asked by one after the pause, while kept answers serve the others', async () => {
    store(fixture, { stale_if_error: 300 });
    for (const token of ['t', 'u']) answer(token);
    for (const token of ['t', 'u']) await fixture.refusals(token);
    endpoint.mode = 503;
    fixture.clock.advance(60);
    await fixture.refusals('t');
    fixture.clock.advance(5);
    endpoint.mode = 'slow';
    const retrying = fixture.refusals('t');

    await expect(fixture.refusals('u')).resolves.toEqual([]);
    expect(endpoint.askedAbout('u')).toBe(1);
    await expect(retrying).resolves.toEqual([]);
  });

  it('is told of once, with the reason, and once that it answers again', async () => {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    answer('t');
    await fixture.refusals('t');
    for (const mode of [404, 500, 'up', 'up'] as const) {
      endpoint.mode = mode;
      await fixture.refusals(`of ${mode}`).catch(() => undefined);
    }

    expect(logger.lines).toEqual([
      expect.stringMatching(/TokenIntrospector\/o cannot be asked: .*404/),
      expect.stringContaining('TokenIntrospector/o answers again'),
    ]);
  });

  it('lets none serve that has expired, nor one without stale_if_error', async () => {
    store(fixture, { stale_if_error: 30 });
    answer('short', { exp: fixture.clock.now() / 1000 + 65 });
    await fixture.refusals('short');
    endpoint.mode = 503;
    fixture.clock.advance(64);
    await expect(fixture.refusals('short')).resolves.toEqual([]);
    fixture.clock.advance(1);
    await expect(fixture.refusals('short')).rejects.toThrow(IntrospectionUnavailable);

    endpoint.mode = 'up';
    store(fixture);
    answer('t');
    await fixture.refusals('t');
    endpoint.mode = 503;
    fixture.clock.advance(60);
    await expect(fixture.refusals('t')).rejects.toThrow(IntrospectionUnavailable);
  });

  it('no longer speaks for a token that the recovered endpoint refuses', async () => {
    store(fixture, { stale_if_error: 30 });
    answer('t');
    await fixture.refusals('t');
    endpoint.mode = 503;
    fixture.clock.advance(60);
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    endpoint.mode = 'up';
    endpoint.answers.clear();
    fixture.clock.advance(5);

    await expect(fixture.refusals('t')).resolves.toEqual(['inactive']);
  });
});

describe('a token that makes the endpoint fail', () => {
  it.each<EndpointMode>([400, 404, 500, 'garbage'])(
    'lets no kept answer serve beyond its time: %s',
    async (mode) => {
      store(fixture, { stale_if_error: 30 });
      answer('revoked');
      await fixture.refusals('revoked');
      endpoint.answers.clear();
      fixture.clock.advance(60);
      endpoint.mode = mode;
      await expect(fixture.refusals('provoking')).rejects.toThrow(IntrospectionUnavailable);
      endpoint.mode = 'up';

      await expect(fixture.refusals('revoked')).resolves.toEqual(['inactive']);
    },
  );

  it.each<EndpointMode>([400, 401, 404])(
    'does not let its own serve, where the endpoint was reached: %s',
    async (mode) => {
      store(fixture, { stale_if_error: 30 });
      answer('t');
      await fixture.refusals('t');
      fixture.clock.advance(60);
      endpoint.mode = mode;

      await expect(fixture.refusals('t')).rejects.toThrow(IntrospectionUnavailable);
    },
  );
});

describe('a token with which the endpoint fails', () => {
  it.each<EndpointMode>([429, 500])('is vouched for by its own kept answer: %s', async (mode) => {
    store(fixture, { stale_if_error: 30 });
    answer('t');
    await fixture.refusals('t');
    fixture.clock.advance(60);
    endpoint.mode = mode;

    await expect(fixture.refusals('t')).resolves.toEqual([]);
  });

  it('keeps nobody else from the endpoint, however often it is sent', async () => {
    answer('t');
    endpoint.mode = 500;
    for (let at = 0; at < 2 * FAILURES_TO_OPEN; at += 1) {
      await expect(fixture.refusals(`t${at}`)).rejects.toThrow(IntrospectionUnavailable);
    }
    endpoint.mode = 'up';

    await expect(fixture.refusals('t')).resolves.toEqual([]);
  });
});

describe('the shared cache', () => {
  it('keeps nothing of a token once it was refused, for no instance and no outage', async () => {
    const { cache, entries } = sharedCache();
    const [one, two] = [0, 1].map(() => introspectionFixture({ cacheSecret: SECRET }, cache));
    if (!one || !two) throw new Error('Two instances are needed');
    for (const instance of [one, two]) store(instance, { stale_if_error: 3600 });
    answer('t');
    await one.refusals('t');
    endpoint.answers.clear();
    for (const instance of [one, two]) instance.clock.advance(60);
    await expect(one.refusals('t')).resolves.toEqual(['inactive']);
    endpoint.mode = 503;

    await expect(two.refusals('t')).rejects.toThrow(IntrospectionUnavailable);
    expect(entries.size).toBe(0);
    await one.stop();
    await two.stop();
  });

  it('is not believed where its entry is from the future, which then hinders nothing', async () => {
    const { cache } = sharedCache();
    const [ahead, behind] = [0, 1].map(() => introspectionFixture({ cacheSecret: SECRET }, cache));
    if (!ahead || !behind) throw new Error('Two instances are needed');
    for (const instance of [ahead, behind]) store(instance);
    ahead.clock.advance(20);
    answer('t');
    await ahead.refusals('t');

    await expect(behind.refusals('t')).resolves.toEqual([]);
    await expect(behind.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(2);
    await ahead.stop();
    await behind.stop();
  });

  it('saves another instance the question', async () => {
    const { cache } = sharedCache();
    const [one, two] = [0, 1].map(() => introspectionFixture({ cacheSecret: SECRET }, cache));
    for (const instance of [one, two]) store(instance as IntrospectionFixture);
    answer('t');

    await expect(one?.refusals('t')).resolves.toEqual([]);
    await expect(two?.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(1);
    await one?.stop();
    await two?.stop();
  });

  it('is not believed where its entry was changed', async () => {
    const { cache, entries } = sharedCache();
    const one = introspectionFixture({ cacheSecret: SECRET }, cache);
    const two = introspectionFixture({ cacheSecret: SECRET }, cache);
    store(one);
    store(two);
    answer('t');
    await one.refusals('t');
    for (const [key, entry] of entries) entries.set(key, String(entry).replace('ada', 'eve'));

    const introspection = await two.introspect('t');

    expect(introspection).toMatchObject({ active: true, claims: { sub: 'ada' } });
    expect(endpoint.askedAbout('t')).toBe(2);
    await one.stop();
    await two.stop();
  });
});
