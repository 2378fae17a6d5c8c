import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../../test/support/introspection-endpoint.js';
import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type EndpointIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { IntrospectionUnavailable } from '../errors.js';

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

function parseEndpoint(
  elements: JsonObject,
  secrets: { areMissing: boolean; revision: string },
): EndpointIntrospector {
  return parseTokenIntrospector(elements, secrets) as EndpointIntrospector;
}

function answer(token: string, members: object = {}): void {
  const exp = fixture.clock.now() / 1000 + 3600;
  endpoint.answers.set(token, { active: true, sub: 'ada', exp, ...members });
}

function sharedCache(): { cache: Cache; entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return { cache: createCache({ stores: [new Keyv({ store: entries })] }), entries };
}

describe('the question', () => {
  it('is a form, with the token, the hint and the Authorization header (RFC 7662 §2.1)', async () => {
    answer('a+b/c==');
    await fixture.refusals('a+b/c==');

    expect(endpoint.asked).toEqual([
      {
        method: 'POST',
        form: { token: 'a+b/c==', token_type_hint: 'access_token' },
        headers: expect.objectContaining({
          accept: 'application/json',
          authorization: 'Basic eDp5',
          'content-type': 'application/x-www-form-urlencoded',
        }),
      },
    ]);
  });

  it('goes without a header where none is configured, and not at all where it cannot be had', async () => {
    store(fixture, { introspection_endpoint: { url: endpoint.url } });
    await fixture.refusals('a');
    expect(endpoint.asked[0]?.headers['authorization']).toBeUndefined();

    const elements = { type: 'opaque', introspection_endpoint: { url: endpoint.url } };
    const secrets = { areMissing: true, revision: '' };
    const judging = fixture.results.of('b', parseEndpoint(elements, secrets));
    await expect(judging).rejects.toThrow(IntrospectionUnavailable);
    expect(endpoint.askedAbout('b')).toBe(0);
  });

  it('is asked once for 200 who ask at the same time', async () => {
    answer('t');
    const judged = Array.from({ length: 200 }, () => fixture.refusals('t'));

    await expect(Promise.all(judged)).resolves.toEqual(judged.map(() => []));
    expect(endpoint.askedAbout('t')).toBe(1);
  });

  it('is asked about no more tokens at once than sockets and memory allow', async () => {
    answer('known');
    await fixture.refusals('known');
    endpoint.mode = 'slow';
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_none, at) => fixture.refusals(`t${at}`)),
    );
    await expect(fixture.refusals('known')).resolves.toEqual([]);
    const reasons = outcomes.map((it) =>
      it.status === 'rejected' ? String((it.reason as Error).cause) : '',
    );

    expect(reasons.filter((it) => it.includes('Too many calls'))).toHaveLength(44);
    expect(reasons.filter((it) => it.includes('The call failed'))).toHaveLength(256);
  });
});

describe('an answer that vouches', () => {
  it('is kept for cache_ttl, and no longer', async () => {
    answer('t');
    for (const seconds of [0, 59]) {
      fixture.clock.advance(seconds);
      await expect(fixture.refusals('t')).resolves.toEqual([]);
    }
    expect(endpoint.askedAbout('t')).toBe(1);
    endpoint.answers.clear();
    fixture.clock.advance(1);

    await expect(fixture.refusals('t')).resolves.toEqual(['inactive']);
    expect(endpoint.askedAbout('t')).toBe(2);
  });

  it('ends with exp, on the second', async () => {
    answer('t', { exp: fixture.clock.now() / 1000 + 10 });
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    fixture.clock.advance(9);
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(1);
    fixture.clock.advance(1);

    await expect(fixture.refusals('t')).resolves.toEqual(['expired']);
  });

  it('is asked for again when the clock was set back', async () => {
    answer('t');
    await fixture.refusals('t');
    fixture.clock.advance(-1);
    await fixture.refusals('t');

    expect(endpoint.askedAbout('t')).toBe(2);
  });

  it('is kept and shown without the token, wherever the endpoint repeats it', async () => {
    const { cache, entries } = sharedCache();
    const own = introspectionFixture({}, cache);
    store(own);
    answer('secret-token', { jti: 'secret-token', deep: { list: ['x', 'secret-token'] } });

    const introspection = await own.introspect('secret-token');

    expect(introspection).toMatchObject({ claims: { sub: 'ada', deep: { list: ['x'] } } });
    expect(JSON.stringify(introspection)).not.toContain('secret-token');
    expect(JSON.stringify([...entries])).toContain('ada');
    expect(JSON.stringify([...entries])).not.toContain('secret-token');
    await own.stop();
  });

  it.each([
    ['another version', { meta: { versionId: '2' } }],
    ['another introspector', { id: 'p' }],
    ['another endpoint', {}],
  ])('counts for its introspector alone: %s', async (_what, change) => {
    answer('t');
    await fixture.refusals('t');
    const url = endpoint.url.replace('127.0.0.1', 'localhost');
    store(fixture, Object.keys(change).length ? change : { introspection_endpoint: { url } });

    await expect(fixture.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(2);
  });

  it('is judged by the audience that counts now, kept or not', async () => {
    answer('t', { aud: 'a' });
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    store(fixture, { jwt: { aud: 'b' } });

    await expect(fixture.refusals('t')).resolves.toEqual(['wrong-audience']);
  });

  it('is forgotten when told so, one that is under way included', async () => {
    answer('t');
    await fixture.refusals('t');
    endpoint.delayMs = 50;
    const underWay = fixture.refusals('u');
    fixture.results.forget();
    await underWay;
    await fixture.refusals('u');

    expect(endpoint.askedAbout('u')).toBe(2);
  });

  it('that is under way when all is forgotten is for nobody who asks from then on', async () => {
    endpoint.delayMs = 50;
    const before = fixture.refusals('t');
    fixture.results.forget();
    await Promise.all([before, fixture.refusals('t'), fixture.refusals('t')]);

    expect(endpoint.askedAbout('t')).toBe(2);
  });
});

describe('a refused token', () => {
  it('is asked about once in 10 seconds', async () => {
    for (let second = 0; second < 10; second += 1) {
      await expect(fixture.refusals('guess')).resolves.toEqual(['inactive']);
      fixture.clock.advance(1);
    }
    expect(endpoint.askedAbout('guess')).toBe(1);
    answer('guess');

    await expect(fixture.refusals('guess')).resolves.toEqual([]);
  });

  it('is asked about again after cache_ttl where that is shorter', async () => {
    store(fixture, { cache_ttl: 2 });
    await fixture.refusals('guess');
    fixture.clock.advance(2);
    await fixture.refusals('guess');

    expect(endpoint.askedAbout('guess')).toBe(2);
  });

  it('is not put into the shared cache, and pushes out no accepted one', async () => {
    const { cache, entries } = sharedCache();
    const own = introspectionFixture({}, cache);
    store(own);
    answer('t');
    await own.refusals('t');
    await own.refusals('guess');

    expect(entries.size).toBe(1);
    await own.stop();
  });
});
