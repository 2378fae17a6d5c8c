import { setTimeout as delay } from 'node:timers/promises';
import { createCache } from 'cache-manager';
import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import {
  jwksRequests,
  startJwksServer,
  type JwksMode,
  type JwksServer,
} from '../../../test/support/jwks-server.js';
import {
  accessClaims,
  ecKey,
  signJwt,
  type SigningKey,
} from '../../../test/support/token-signer.js';
import { IntrospectionUnavailable } from '../errors.js';

const ISS = 'https://auth.example.com';
const first = ecKey('first');
const second = ecKey('second');

let server: JwksServer;
let fixture: IntrospectionFixture;

beforeEach(async () => {
  server = await startJwksServer([first.jwk]);
  fixture = introspectionFixture();
  store(fixture);
});

afterEach(async () => {
  await fixture.stop();
  await server.stop();
});

function store(target: IntrospectionFixture, elements: object = {}): void {
  const resource = { id: 'i', meta: { versionId: '1' }, type: 'jwt', jwks_uri: server.jwksUri };
  target.introspectors.set({ ...resource, jwt: { iss: ISS }, cache_ttl: 60, ...elements });
}

function token(key: SigningKey, header: Record<string, unknown> = {}): string {
  const claims = { ...accessClaims(ISS, fixture.clock.now()), jti: crypto.randomUUID() };
  return signJwt(key, claims, header);
}

describe('fetching', () => {
  it('fetches once for many tokens at once', async () => {
    const judged = Array.from({ length: 50 }, () => fixture.refusals(token(first)));

    await expect(Promise.all(judged)).resolves.toEqual(judged.map(() => []));
    expect(jwksRequests(server)).toBe(1);
  });

  it('fetches again when the time to live is over, and not before', async () => {
    await fixture.refusals(token(first));
    fixture.clock.advance(44);
    await fixture.refusals(token(first));
    expect(jwksRequests(server)).toBe(1);

    fixture.clock.advance(16);
    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });

  it('refuses a remembered token once its key is no longer published', async () => {
    const remembered = token(first);
    await expect(fixture.refusals(remembered)).resolves.toEqual([]);
    server.keys = [second.jwk];
    fixture.clock.advance(60);

    await expect(fixture.refusals(remembered)).resolves.toEqual(['unknown-key']);
  });

  it('gives nothing of an old revision to a changed introspector', async () => {
    const remembered = token(first);
    await fixture.refusals(remembered);
    server.keys = [second.jwk];
    store(fixture, { meta: { versionId: '2' } });

    await expect(fixture.refusals(remembered)).resolves.toEqual(['unknown-key']);
    await expect(fixture.refusals(token(second))).resolves.toEqual([]);
  });

  it('never pools the keys of two introspectors', async () => {
    const other = await startJwksServer([second.jwk]);
    fixture.introspectors.set(
      { id: 'a', type: 'jwt', jwt: { iss: ISS }, jwks_uri: server.jwksUri },
      { id: 'b', type: 'jwt', jwt: { iss: 'https://b.example.com' }, jwks_uri: other.jwksUri },
    );

    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
    await expect(fixture.refusals(token(second))).resolves.toEqual(['unknown-key']);
    await other.stop();
  });
});

describe('unknown key ids', () => {
  it('finds a rotated key at once', async () => {
    await fixture.refusals(token(first));
    server.keys = [first.jwk, second.jwk];

    await expect(fixture.refusals(token(second))).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });

  it('costs the issuer one request per cooldown, counted from the last such request', async () => {
    await fixture.refusals(token(first));
    for (let index = 0; index < 20; index += 1) {
      const unknown = token(first, { kid: `random ${index}` });
      await expect(fixture.refusals(unknown)).resolves.toEqual(['unknown-key']);
    }
    expect(jwksRequests(server)).toBe(2);

    fixture.clock.advance(10);
    await fixture.refusals(token(first, { kid: 'random' }));
    await fixture.refusals(token(first, { kid: 'random' }));
    expect(jwksRequests(server)).toBe(3);
  });

  it('costs one request when many come at once', async () => {
    await fixture.refusals(token(first));
    const judged = Array.from({ length: 30 }, (_, index) =>
      fixture.refusals(token(first, { kid: `random ${index}` })),
    );

    await expect(Promise.all(judged)).resolves.toEqual(judged.map(() => ['unknown-key']));
    expect(jwksRequests(server)).toBe(2);
  });

  it('costs nothing for an algorithm that no published key can have', async () => {
    await fixture.refusals(token(first));
    const hmac = { ...first, alg: 'HS256', privateKey: 'guess', kid: 'random' };

    await expect(fixture.refusals(token(hmac))).resolves.toEqual(['wrong-algorithm']);
    expect(jwksRequests(server)).toBe(1);
  });

  it('cannot be told apart from a rotated key while the issuer is down, and good keys go on', async () => {
    await fixture.refusals(token(first));
    server.mode = 'down';

    await expect(fixture.refusals(token(second))).rejects.toThrow(IntrospectionUnavailable);
    await expect(fixture.refusals(token(second))).rejects.toThrow(IntrospectionUnavailable);
    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });
});

describe('a request that looks twice', () => {
  it('waits for both looks no longer than for one, and leaves the second to the next', async () => {
    server.mode = 'held';
    const judged = fixture.refusals(token(second));
    void judged.catch(() => undefined);
    await delay(500);
    expect(jwksRequests(server)).toBe(1);
    server.release();
    server.keys = [first.jwk, second.jwk];

    await expect(judged).rejects.toThrow(IntrospectionUnavailable);
    expect(jwksRequests(server)).toBe(2);

    // The call has a time of its own, so it can only be answered if the request gave up before it.
    const next = fixture.refusals(token(second));
    server.release();
    await expect(next).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });
});

describe('choosing among published keys', () => {
  it('refuses two keys of one kid', async () => {
    server.keys = [first.jwk, { ...second.jwk, kid: 'first' }];

    await expect(fixture.refusals(token(first))).resolves.toEqual(['ambiguous-key']);
  });

  it('takes the only key that fits a token without kid, and refuses several', async () => {
    const anonymous = { ...first, kid: undefined };
    await expect(fixture.refusals(token(anonymous))).resolves.toEqual([]);

    server.keys = [first.jwk, second.jwk];
    fixture.clock.advance(60);
    await expect(fixture.refusals(token(anonymous))).resolves.toEqual(['ambiguous-key']);
  });

  it.each([
    ['for encryption', { use: 'enc' }],
    ['for wrapping', { key_ops: ['wrapKey'] }],
    ['for another algorithm', { alg: 'ES384' }],
  ])('leaves out a key %s', async (_purpose, members) => {
    server.keys = [{ ...first.jwk, ...members }, second.jwk];

    await expect(fixture.refusals(token(first))).resolves.toEqual(['unknown-key']);
    await expect(fixture.refusals(token(second))).resolves.toEqual([]);
  });

  it('leaves out symmetric keys and keys that it cannot read', async () => {
    const secret = { kty: 'oct', kid: 'secret', alg: 'HS256', k: 'c2VjcmV0' };
    server.keys = [secret, { kty: 'EC', kid: 'broken' }, { kty: 'new' }, first.jwk];
    const hmac = { ...first, alg: 'HS256', privateKey: 'secret', kid: 'secret' };

    await expect(fixture.refusals(token(hmac))).resolves.toEqual(['wrong-algorithm']);
    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
  });
});

describe('issuers that fail', () => {
  it.each([
    ['bound to a key', { jkt: 'A'.repeat(43) }, ['proof-required']],
    ['bound to a certificate', { 'x5t#S256': 'A'.repeat(43) }, ['certificate-required']],
    ['bound in an unknown way', { osc: 'x' }, ['unknown-confirmation']],
  ])('do not keep a token %s from being refused', async (_how, cnf, refusals) => {
    server.mode = 'down';
    const claims = { ...accessClaims(ISS, fixture.clock.now()), cnf };

    await expect(fixture.refusals(signJwt(first, claims))).resolves.toEqual(refusals);
    const unbound = signJwt(first, { ...claims, cnf: undefined });
    await expect(fixture.refusals(unbound)).rejects.toThrow(IntrospectionUnavailable);
  });

  const modes: readonly JwksMode[] = ['down', 'slow', 'garbage', 'not-a-set', 'huge', 'redirect'];

  it.each(modes)('answers 503, never 401, when the issuer is %s', async (mode) => {
    server.mode = mode;

    await expect(fixture.refusals(token(first))).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
      issues: [{ code: 'transient' }],
    });
    expect([...server.requests.keys()]).not.toContain('/moved');
  });

  it('does not store an outage', async () => {
    server.mode = 'down';
    await expect(fixture.refusals(token(first))).rejects.toThrow(IntrospectionUnavailable);
    server.mode = 'up';
    fixture.clock.advance(1);

    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
  });

  it.each([
    ['until their time to live ends', 0, 59, 60],
    ['for stale_if_error beyond it', 30, 89, 90],
  ])('keeps known keys %s', async (_rule, staleIfError, serves, ends) => {
    store(fixture, { stale_if_error: staleIfError });
    await fixture.refusals(token(first));
    server.mode = 'down';

    fixture.clock.advance(serves);
    await expect(fixture.refusals(token(first))).resolves.toEqual([]);
    fixture.clock.advance(ends - serves);
    await expect(fixture.refusals(token(first))).rejects.toThrow(IntrospectionUnavailable);
  });

  it('answers 503 for a secret that could not be had', async () => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, _secret: {} } });

    await expect(fixture.refusals(token(first))).rejects.toThrow(IntrospectionUnavailable);
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
      store(instance);
      await expect(instance.refusals(token(first))).resolves.toEqual([]);
      counts.push(jwksRequests(server));
      await instance.stop();
    }

    expect(counts).toEqual([1, 1, 2]);
  });
});

describe('discovery', () => {
  beforeEach(() => {
    const jwt = { iss: server.issuer };
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt });
  });

  it('finds the keys of an issuer by its name', async () => {
    const signed = signJwt(first, accessClaims(server.issuer, fixture.clock.now()));

    await expect(fixture.refusals(signed)).resolves.toEqual([]);
  });

  it('refuses a document that names another issuer', async () => {
    server.mode = 'other-issuer';
    const signed = signJwt(first, accessClaims(server.issuer, fixture.clock.now()));

    await expect(fixture.refusals(signed)).rejects.toThrow(IntrospectionUnavailable);
  });
});
