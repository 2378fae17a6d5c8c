import {
  introspectionFixture,
  TestIntrospectionSettings,
} from '../../test/support/introspection-fixture.js';
import { startJwksServer } from '../../test/support/jwks-server.js';
import { accessClaims, ecKey, secretKey, signJwt } from '../../test/support/token-signer.js';
import { IntrospectionUnavailable } from './errors.js';
import { tokenDigest } from './jwt/jwt.js';
import { OutboundHttp } from './outbound/outbound-http.js';

const ISS = 'https://auth.example.com';
const fixture = introspectionFixture();
const named = { id: 'named', type: 'jwt', jwt: { iss: ISS, secret: 'named' } };
const fallback = { id: 'fallback', type: 'jwt', jwt: { issuers: [ISS], secret: 'fallback' } };

function token(secret: string, iss: string | undefined = ISS): string {
  return signJwt(secretKey(secret), { ...accessClaims(ISS, fixture.clock.now()), iss });
}

function anonymousToken(secret: string): string {
  return signJwt(secretKey(secret), {
    ...accessClaims(ISS, fixture.clock.now()),
    iss: undefined,
  });
}

afterAll(() => fixture.stop());

describe('routing', () => {
  it('refuses every token where there is no introspector', async () => {
    fixture.introspectors.set();

    await expect(fixture.refusals(token('named'))).resolves.toEqual(['unknown-issuer']);
    await expect(fixture.refusals(anonymousToken('named'))).resolves.toEqual(['unknown-issuer']);
  });

  it('asks the introspector that names the issuer, and no fallback', async () => {
    fixture.introspectors.set(fallback, named);

    await expect(fixture.refusals(token('named'))).resolves.toEqual([]);
    await expect(fixture.refusals(token('fallback'))).resolves.toEqual(['wrong-signature']);
  });

  it('asks fallbacks for issuers that nobody names', async () => {
    fixture.introspectors.set(fallback);

    await expect(fixture.refusals(token('fallback'))).resolves.toEqual([]);
    await expect(fixture.refusals(token('fallback', 'https://other'))).resolves.toEqual([
      'unknown-issuer',
    ]);
  });

  it('asks fallbacks for tokens without issuer', async () => {
    const open = { id: 'open', type: 'jwt', jwt: { secret: 'open' } };
    fixture.introspectors.set(fallback, named, open);

    await expect(fixture.refusals(anonymousToken('fallback'))).resolves.toEqual([]);
    await expect(fixture.refusals(anonymousToken('open'))).resolves.toEqual([]);
    await expect(fixture.refusals(anonymousToken('named'))).resolves.toHaveLength(2);
  });

  it('refuses an issuer that only an inactive introspector names', async () => {
    fixture.introspectors.set(fallback, { ...named, active: false });

    await expect(fixture.refusals(token('named'))).resolves.toEqual(['inactive-issuer']);
    await expect(fixture.refusals(token('fallback'))).resolves.toEqual(['inactive-issuer']);
  });

  it('asks no inactive fallback', async () => {
    fixture.introspectors.set({ ...fallback, active: false });

    await expect(fixture.refusals(token('fallback'))).resolves.toEqual(['unknown-issuer']);
  });

  it('lets the active one of two introspectors of one issuer judge', async () => {
    const second = { ...named, id: 'second', jwt: { iss: ISS, secret: 'second' } };
    fixture.introspectors.set({ ...named, active: false }, second);

    await expect(fixture.refusals(token('second'))).resolves.toEqual([]);
    await expect(fixture.refusals(token('named'))).resolves.toEqual(['wrong-signature']);
  });

  it('accepts what one of several introspectors of an issuer accepts', async () => {
    const second = { ...named, id: 'second', jwt: { iss: ISS, secret: 'second' } };
    fixture.introspectors.set(named, second);

    await expect(fixture.introspect(token('second'))).resolves.toMatchObject({
      introspector: { id: 'second' },
    });
    await expect(fixture.introspect(token('named'))).resolves.toMatchObject({
      introspector: { id: 'named' },
    });
  });
});

describe('several introspectors of one issuer, one of them unreachable', () => {
  const unreachable = { id: 'a', type: 'jwt', jwt: { iss: ISS }, jwks_uri: '' };

  it('accepts what the other accepts, and cannot tell about the rest', async () => {
    const server = await startJwksServer();
    server.mode = 'down';
    fixture.introspectors.set({ ...unreachable, jwks_uri: server.jwksUri }, named);

    await expect(fixture.refusals(token('named'))).resolves.toEqual([]);
    const published = signJwt(ecKey('k'), accessClaims(ISS, fixture.clock.now()));
    await expect(fixture.refusals(published)).rejects.toThrow(IntrospectionUnavailable);
    // Signed with a secret: no key that could be published would verify it.
    const codes = ['wrong-algorithm', 'wrong-signature'];
    await expect(fixture.refusals(token('other'))).resolves.toEqual(codes);
    await server.stop();
  });
});

describe('a fault of ours', () => {
  it('is handed on as it is, and neither a refusal nor an outage', async () => {
    const fault = new TypeError('a fault');
    class FaultyHttp extends OutboundHttp {
      override postForm = (): Promise<never> => Promise.reject(fault);
    }
    const http = new FaultyHttp(new TestIntrospectionSettings());
    const own = introspectionFixture({}, undefined, http);
    const url = 'https://auth.example.com/introspect';
    own.introspectors.set({
      ...{ id: 'o', type: 'opaque', accept_jwt: true },
      introspection_endpoint: { url },
    });

    const claims = { ...accessClaims(ISS, own.clock.now()), cnf: { jkt: 'A'.repeat(43) } };
    const bound = signJwt(secretKey('any'), claims);
    await expect(own.refusals(token('any'))).rejects.toBe(fault);
    await expect(own.refusals(bound)).rejects.toBe(fault);
    await own.stop();
  });
});

describe('the outcome', () => {
  it('holds the claims and who vouches for them, and no secret', async () => {
    const provider = { reference: 'IdentityProvider/kc' };
    const elements = { identity_provider: provider, trusted_users: ['admin'] };
    fixture.introspectors.set({ ...named, ...elements, meta: { versionId: '7' } });

    const introspection = await fixture.introspect(token('named'));

    expect(introspection).toEqual({
      active: true,
      isConfirmed: true,
      type: 'jwt',
      claims: accessClaims(ISS, fixture.clock.now()),
      introspector: {
        id: 'named',
        revision: 'named/7',
        identityProviderId: 'kc',
        userResolution: ['box_user', 'identifier', 'sub'],
        trustedUserIds: ['admin'],
      },
    });
    expect(introspection.active && Object.isFrozen(introspection.claims)).toBe(true);
  });

  it('names who refused a token and why, for the trace', async () => {
    fixture.introspectors.set(named);

    await expect(fixture.introspect(token('guess'))).resolves.toEqual({
      active: false,
      refusals: [{ code: 'wrong-signature', introspectorId: 'named' }],
    });
    await expect(fixture.introspect('guess')).resolves.toStrictEqual({
      active: false,
      refusals: [{ code: 'malformed' }],
    });
  });
});

describe('remembered tokens', () => {
  it('expire on the second, whatever is remembered', async () => {
    const own = introspectionFixture();
    own.introspectors.set(named);
    const signed = token('named');

    await expect(own.refusals(signed)).resolves.toEqual([]);
    own.clock.advance(329);
    await expect(own.refusals(signed)).resolves.toEqual([]);
    own.clock.advance(1);
    await expect(own.refusals(signed)).resolves.toEqual(['expired']);
    await own.stop();
  });

  it.each([
    ['another secret', { jwt: { iss: ISS, secret: 'changed' } }, 'wrong-signature'],
    ['another audience', { jwt: { iss: ISS, secret: 'named', aud: 'x' } }, 'wrong-audience'],
    ['inactivity', { active: false }, 'inactive-issuer'],
  ])(
    'are refused after a change to %s, with or without a new version',
    async (_c, change, code) => {
      const signed = token('named');
      fixture.introspectors.set(named);
      await expect(fixture.refusals(signed)).resolves.toEqual([]);
      fixture.introspectors.set({ ...named, ...change });

      await expect(fixture.refusals(signed)).resolves.toEqual([code]);
    },
  );

  it('are those that were accepted, and no others', async () => {
    fixture.introspectors.set(named);
    const [accepted, guessed] = [token('named'), token('guess')];
    await fixture.refusals(accepted);
    await fixture.refusals(guessed);

    expect(fixture.remembered.read(tokenDigest(accepted))).toBeDefined();
    expect(fixture.remembered.read(tokenDigest(guessed))).toBeUndefined();
  });

  it('are verified anew when their algorithm is no longer allowed, the key unchanged', async () => {
    const version = (versionId: string, jwt: object) => ({
      ...named,
      meta: { versionId },
      jwt: { ...named.jwt, ...jwt },
    });
    const remembered = token('named');
    fixture.introspectors.set(version('1', {}));
    await expect(fixture.refusals(remembered)).resolves.toEqual([]);

    fixture.introspectors.set(version('2', { algorithms: ['HS512'] }));

    await expect(fixture.refusals(remembered)).resolves.toEqual(['wrong-algorithm']);
  });

  it('need not be remembered', async () => {
    const own = introspectionFixture({ rememberedTokens: 0 });
    own.introspectors.set(named);

    await expect(own.refusals(token('named'))).resolves.toEqual([]);
    await expect(own.refusals(token('named'))).resolves.toEqual([]);
    await own.stop();
  });
});
