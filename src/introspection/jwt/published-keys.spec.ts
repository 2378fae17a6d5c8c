import { setTimeout as delay } from 'node:timers/promises';
import { createCache } from 'cache-manager';
import { introspectionFixture } from '../../../test/support/introspection-fixture.js';
import { jwksRequests, startJwksServer, type JwksMode } from '../../../test/support/jwks-server.js';
import { first, ISS, PublishedKeys, second } from '../../../test/support/published-keys.js';
import { accessClaims, signJwt } from '../../../test/support/token-signer.js';
import { IntrospectionUnavailable } from '../errors.js';

const at = new PublishedKeys();

beforeEach(() => at.start());
afterEach(() => at.stop());

describe('fetching', () => {
  it('fetches once for many tokens at once', async () => {
    const judged = Array.from({ length: 50 }, () => at.fixture.refusals(at.token(first)));

    await expect(Promise.all(judged)).resolves.toEqual(judged.map(() => []));
    expect(jwksRequests(at.server)).toBe(1);
  });

  it('fetches again when the time to live is over, and not before', async () => {
    await at.fixture.refusals(at.token(first));
    at.fixture.clock.advance(44);
    await at.fixture.refusals(at.token(first));
    expect(jwksRequests(at.server)).toBe(1);

    at.fixture.clock.advance(16);
    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
    expect(jwksRequests(at.server)).toBe(2);
  });

  it('refuses a remembered token once its key is no longer published', async () => {
    const remembered = at.token(first);
    await expect(at.fixture.refusals(remembered)).resolves.toEqual([]);
    at.server.keys = [second.jwk];
    at.fixture.clock.advance(60);

    await expect(at.fixture.refusals(remembered)).resolves.toEqual(['unknown-key']);
  });

  it('gives nothing of an old revision to a changed introspector', async () => {
    const remembered = at.token(first);
    await at.fixture.refusals(remembered);
    at.server.keys = [second.jwk];
    at.store(at.fixture, { meta: { versionId: '2' } });

    await expect(at.fixture.refusals(remembered)).resolves.toEqual(['unknown-key']);
    await expect(at.fixture.refusals(at.token(second))).resolves.toEqual([]);
  });

  it('never pools the keys of two introspectors', async () => {
    const other = await startJwksServer([second.jwk]);
    at.fixture.introspectors.set(
      { id: 'a', type: 'jwt', jwt: { iss: ISS }, jwks_uri: at.server.jwksUri },
      { id: 'b', type: 'jwt', jwt: { iss: 'https://b.example.com' }, jwks_uri: other.jwksUri },
    );

    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
    await expect(at.fixture.refusals(at.token(second))).resolves.toEqual(['unknown-key']);
    await other.stop();
  });
});

describe('unknown key ids', () => {
  it('finds a rotated key at once', async () => {
    await at.fixture.refusals(at.token(first));
    at.server.keys = [first.jwk, second.jwk];

    await expect(at.fixture.refusals(at.token(second))).resolves.toEqual([]);
    expect(jwksRequests(at.server)).toBe(2);
  });

  it('costs the issuer one request per cooldown, counted from the last such request', async () => {
    await at.fixture.refusals(at.token(first));
    for (let index = 0; index < 20; index += 1) {
      const unknown = at.token(first, { kid: `random ${index}` });
      await expect(at.fixture.refusals(unknown)).resolves.toEqual(['unknown-key']);
    }
    expect(jwksRequests(at.server)).toBe(2);

    at.fixture.clock.advance(10);
    await at.fixture.refusals(at.token(first, { kid: 'random' }));
    await at.fixture.refusals(at.token(first, { kid: 'random' }));
    expect(jwksRequests(at.server)).toBe(3);
  });

  it('costs one request when many come at once', async () => {
    await at.fixture.refusals(at.token(first));
    const judged = Array.from({ length: 30 }, (_, index) =>
      at.fixture.refusals(at.token(first, { kid: `random ${index}` })),
    );

    await expect(Promise.all(judged)).resolves.toEqual(judged.map(() => ['unknown-key']));
    expect(jwksRequests(at.server)).toBe(2);
  });

  it('costs nothing for an algorithm that no published key can have', async () => {
    await at.fixture.refusals(at.token(first));
    const hmac = { ...first, alg: 'HS256', privateKey: 'guess', kid: 'random' };

    await expect(at.fixture.refusals(at.token(hmac))).resolves.toEqual(['wrong-algorithm']);
    expect(jwksRequests(at.server)).toBe(1);
  });

  it('cannot be told apart from a rotated key while the issuer is down, and good keys go on', async () => {
    await at.fixture.refusals(at.token(first));
    at.server.mode = 'down';

    await expect(at.fixture.refusals(at.token(second))).rejects.toThrow(IntrospectionUnavailable);
    await expect(at.fixture.refusals(at.token(second))).rejects.toThrow(IntrospectionUnavailable);
    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
    expect(jwksRequests(at.server)).toBe(2);
  });
});

describe('a request that looks twice', () => {
  it('waits for both looks no longer than for one, and leaves the second to the next', async () => {
    at.server.mode = 'held';
    const judged = at.fixture.refusals(at.token(second));
    void judged.catch(() => undefined);
    await delay(500);
    expect(jwksRequests(at.server)).toBe(1);
    at.server.release();
    at.server.keys = [first.jwk, second.jwk];

    await expect(judged).rejects.toThrow(IntrospectionUnavailable);
    expect(jwksRequests(at.server)).toBe(2);

    // The call has a time of its own, so it can only be answered if the request gave up before it.
    const next = at.fixture.refusals(at.token(second));
    at.server.release();
    await expect(next).resolves.toEqual([]);
    expect(jwksRequests(at.server)).toBe(2);
  });
});

describe('issuers that fail', () => {
  it.each([
    ['bound to a key', { jkt: 'A'.repeat(43) }, ['proof-required']],
    ['bound to a certificate', { 'x5t#S256': 'A'.repeat(43) }, ['certificate-required']],
    ['bound in an unknown way', { osc: 'x' }, ['unknown-confirmation']],
  ])('do not keep a token %s from being refused', async (_how, cnf, refusals) => {
    at.server.mode = 'down';
    const claims = { ...accessClaims(ISS, at.fixture.clock.now()), cnf };

    await expect(at.fixture.refusals(signJwt(first, claims))).resolves.toEqual(refusals);
    const unbound = signJwt(first, { ...claims, cnf: undefined });
    await expect(at.fixture.refusals(unbound)).rejects.toThrow(IntrospectionUnavailable);
  });

  const modes: readonly JwksMode[] = ['down', 'slow', 'garbage', 'not-a-set', 'huge', 'redirect'];

  it.each(modes)('answers 503, never 401, when the issuer is %s', async (mode) => {
    at.server.mode = mode;

    await expect(at.fixture.refusals(at.token(first))).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
      issues: [{ code: 'transient' }],
    });
    expect([...at.server.requests.keys()]).not.toContain('/moved');
  });

  it('does not store an outage', async () => {
    at.server.mode = 'down';
    await expect(at.fixture.refusals(at.token(first))).rejects.toThrow(IntrospectionUnavailable);
    at.server.mode = 'up';
    at.fixture.clock.advance(1);

    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
  });

  it.each([
    ['until their time to live ends', 0, 59, 60],
    ['for stale_if_error beyond it', 30, 89, 90],
  ])('keeps known keys %s', async (_rule, staleIfError, serves, ends) => {
    at.store(at.fixture, { stale_if_error: staleIfError });
    await at.fixture.refusals(at.token(first));
    at.server.mode = 'down';

    at.fixture.clock.advance(serves);
    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
    at.fixture.clock.advance(ends - serves);
    await expect(at.fixture.refusals(at.token(first))).rejects.toThrow(IntrospectionUnavailable);
  });

  it('answers 503 for a secret that could not be had', async () => {
    at.fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, _secret: {} } });

    await expect(at.fixture.refusals(at.token(first))).rejects.toThrow(IntrospectionUnavailable);
  });
});

describe('the shared cache', () => {
  it('serves a second instance that knows its secret, and no other', async () => {
    const cache = createCache();
    const instances = ['one', 'one', 'two'].map((cacheSecret) =>
      introspectionFixture({ cacheSecret }, cache),
    );
    const counts: number[] = [];
    for (const instance of instances) {
      at.store(instance);
      await expect(instance.refusals(at.token(first))).resolves.toEqual([]);
      counts.push(jwksRequests(at.server));
      await instance.stop();
    }

    expect(counts).toEqual([1, 1, 2]);
  });
});
