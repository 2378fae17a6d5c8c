import { BEARER, introspectionFixture } from '../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../test/support/introspection-endpoint.js';
import { startJwksServer } from '../../test/support/jwks-server.js';
import { accessClaims, rsaKey, secretKey, signJwt } from '../../test/support/token-signer.js';
import { IntrospectionUnavailable } from './errors.js';

const ISS = 'https://auth.example.com';
const fixture = introspectionFixture();
const named = { id: 'named', type: 'jwt', jwt: { iss: ISS, secret: 'named' } };
const fallback = { id: 'fallback', type: 'jwt', jwt: { issuers: [ISS], secret: 'fallback' } };
let one: IntrospectionEndpoint;
let two: IntrospectionEndpoint;

beforeEach(async () => {
  one = await startIntrospectionEndpoint();
  two = await startIntrospectionEndpoint();
});
afterEach(async () => {
  await one.stop();
  await two.stop();
});
afterAll(() => fixture.stop());

function opaque(id: string, { url }: IntrospectionEndpoint, elements: object = {}): object {
  return { id, type: 'opaque', introspection_endpoint: { url }, ...elements };
}

function jwt(secret: string, iss: string | undefined = ISS): string {
  const jti = crypto.randomUUID();
  return signJwt(secretKey(secret), { ...accessClaims(ISS, fixture.clock.now()), iss, jti });
}

async function judge(token: string): Promise<unknown> {
  const introspection = await fixture.introspect(token);
  return introspection.active ? introspection.introspector.id : introspection.refusals;
}

const asked = (): readonly number[] => [one.asked.length, two.asked.length];

describe('a token that is no JWT', () => {
  it('is asked about in id order, until one vouches for it', async () => {
    fixture.introspectors.set(opaque('b', two), opaque('a', one));
    one.answers.set('t1', { active: true });
    two.answers.set('t2', { active: true });

    await expect(judge('t1')).resolves.toBe('a');
    expect(asked()).toEqual([1, 0]);
    await expect(judge('t2')).resolves.toBe('b');
    expect(asked()).toEqual([2, 1]);
    await expect(judge('t3')).resolves.toEqual([
      { code: 'inactive', introspectorId: 'a' },
      { code: 'inactive', introspectorId: 'b' },
    ]);
  });

  it.each([0, 1])(
    'is undecided while one cannot be asked, unless another vouches',
    async (down) => {
      fixture.introspectors.set(opaque('a', one), opaque('b', two));
      const [broken, sound] = down === 0 ? [one, two] : [two, one];
      broken.mode = 500;
      sound.answers.set('t', { active: true });

      await expect(judge('t')).resolves.toBe(down === 0 ? 'b' : 'a');
      await expect(judge('guess')).rejects.toThrow(IntrospectionUnavailable);
    },
  );

  it('reaches those alone whose token_pattern is found in it', async () => {
    fixture.introspectors.set(
      opaque('a', one, { token_pattern: '^a-' }),
      opaque('b', two, { token_pattern: 'x{2}$' }),
    );

    await fixture.refusals('a-1');
    await fixture.refusals('1-xx');
    expect([one, two].map((it) => it.asked.map(({ form }) => form['token']))).toEqual([
      ['a-1'],
      ['1-xx'],
    ]);
    await expect(judge('other')).resolves.toEqual([{ code: 'malformed' }]);
    expect(asked()).toEqual([1, 1]);
  });

  it('is sent nowhere by a pattern that cannot be judged', async () => {
    fixture.introspectors.set(opaque('a', one, { token_pattern: '(' }));

    await expect(judge('t')).resolves.toEqual([{ code: 'malformed' }]);
    expect(asked()).toEqual([0, 0]);
  });

  it('reaches no introspector that is inactive or of another type', async () => {
    fixture.introspectors.set(
      opaque('a', one, { active: false }),
      opaque('b', two, { type: 'aspxauth' }),
      named,
    );

    await expect(judge('t')).resolves.toEqual([{ code: 'malformed' }]);
    expect(asked()).toEqual([0, 0]);
  });

  it('is asked about up to the length that is looked at', async () => {
    fixture.introspectors.set(opaque('a', one));
    const token = 't'.repeat(16_384);
    one.answers.set(token, { active: true });

    await expect(judge(token)).resolves.toBe('a');
    await expect(judge(`${token}t`)).resolves.toEqual([{ code: 'too-long' }]);
    expect(asked()).toEqual([1, 0]);
  });

  it('may be JSON to whoever decodes it', async () => {
    const token = Buffer.from('{"alg":"HS256"} ').toString('base64url');
    fixture.introspectors.set(opaque('a', one));
    one.answers.set(token, { active: true });

    await expect(judge(token)).resolves.toBe('a');
  });

  it('may have dots in it', async () => {
    const payloadFirst = `${Buffer.from('{"user":1}').toString('base64url')}.aGk.c2ln`;
    fixture.introspectors.set(opaque('a', one));
    for (const token of ['ya29.x.y', 'a.b.c.d.e', payloadFirst]) {
      one.answers.set(token, { active: true });

      await expect(judge(token)).resolves.toBe('a');
    }
  });
});

describe('a JWT of an issuer that nobody names', () => {
  it('reaches the opaque introspectors that accept JWTs, and no others', async () => {
    const token = jwt('any');
    fixture.introspectors.set(opaque('a', one), opaque('b', two, { accept_jwt: true }));
    two.answers.set(token, { active: true });

    await expect(judge(token)).resolves.toBe('b');
    expect(asked()).toEqual([0, 1]);
    fixture.introspectors.set(opaque('a', one));
    await expect(judge(token)).resolves.toEqual([{ code: 'unknown-issuer' }]);
    expect(asked()).toEqual([0, 1]);
  });

  it('is sent to nobody when a fallback accepts it', async () => {
    fixture.introspectors.set(fallback, opaque('a', one, { accept_jwt: true }));

    await expect(judge(jwt('fallback'))).resolves.toBe('fallback');
    expect(asked()).toEqual([0, 0]);
    await expect(judge(jwt('other'))).resolves.toEqual([
      { code: 'wrong-signature', introspectorId: 'fallback' },
      { code: 'inactive', introspectorId: 'a' },
    ]);
  });
});

describe('a JWT of a named issuer', () => {
  it('that its introspector refuses reaches the opaque ones that accept JWTs', async () => {
    const token = jwt('other');
    fixture.introspectors.set(named, opaque('a', one), opaque('b', two, { accept_jwt: true }));
    two.answers.set(token, { active: true });

    await expect(judge(jwt('named'))).resolves.toBe('named');
    expect(asked()).toEqual([0, 0]);
    await expect(judge(token)).resolves.toBe('b');
    expect(asked()).toEqual([0, 1]);
  });

  it('does not reach those that name another issuer', async () => {
    const names = (iss: string) => ({ accept_jwt: true, jwt: { iss } });
    fixture.introspectors.set(
      named,
      opaque('a', one, names('https://other')),
      opaque('b', two, names(ISS)),
    );
    const token = jwt('other');
    two.answers.set(token, { active: true, iss: ISS });

    await expect(judge(token)).resolves.toBe('b');
    expect(asked()).toEqual([0, 1]);
  });

  it('is judged by no fallback, also when an opaque introspector alone names the issuer', async () => {
    const judges = opaque('a', one, { accept_jwt: true, jwt: { iss: ISS } });
    fixture.introspectors.set(fallback, judges);

    await expect(judge(jwt('fallback'))).resolves.toEqual([
      { code: 'inactive', introspectorId: 'a' },
    ]);
  });

  it.each([
    ['jwt', { ...named, active: false }],
    ['opaque', { id: 'o', type: 'opaque', active: false, jwt: { iss: ISS } }],
  ])('that only an inactive introspector of type %s names is sent nowhere', async (_t, owner) => {
    fixture.introspectors.set(owner, fallback, opaque('a', one, { accept_jwt: true }));

    await expect(judge(jwt('fallback'))).resolves.toEqual([{ code: 'inactive-issuer' }]);
    expect(asked()).toEqual([0, 0]);
  });

  it('whose keys cannot be had is undecided, whatever an endpoint refuses', async () => {
    const keys = await startJwksServer();
    keys.mode = 'down';
    const jwks = { id: 'j', type: 'jwt', jwt: { iss: ISS }, jwks_uri: keys.jwksUri };
    fixture.introspectors.set(jwks, opaque('a', one, { accept_jwt: true }));

    const token = signJwt(rsaKey('k1'), accessClaims(ISS, fixture.clock.now()));

    await expect(judge(token)).rejects.toThrow(IntrospectionUnavailable);
    await keys.stop();
  });
});

describe('a cookie', () => {
  it('is asked about at the introspectors of type aspxauth, in id order', async () => {
    const aspxauth = (id: string, at: IntrospectionEndpoint) =>
      opaque(id, at, { type: 'aspxauth' });
    fixture.introspectors.set(aspxauth('b', two), aspxauth('a', one), opaque('0', one));
    two.answers.set('c', { active: true, sub: 'ada' });

    await expect(fixture.router.introspectCookie('c', BEARER)).resolves.toMatchObject({
      active: true,
      type: 'aspxauth',
      claims: { sub: 'ada' },
      introspector: { id: 'b' },
    });
    expect(asked()).toEqual([1, 1]);
    await fixture.router.introspectCookie('c', BEARER);
    expect(two.askedAbout('c')).toBe(1);
  });

  it('counts as soon as an introspector for it is stored, and authenticates by active ones', async () => {
    fixture.introspectors.set(opaque('a', one));
    expect(fixture.router.takesCookies()).toBe(false);
    fixture.introspectors.set(opaque('a', one, { type: 'aspxauth', active: false }));
    one.answers.set('c', { active: true });

    expect(fixture.router.takesCookies()).toBe(true);
    await expect(fixture.router.introspectCookie('c', BEARER)).resolves.toEqual({
      active: false,
      refusals: [{ code: 'inactive' }],
    });
    expect(asked()).toEqual([0, 0]);
  });

  it('is refused beyond the length of a token', async () => {
    fixture.introspectors.set(opaque('a', one, { type: 'aspxauth' }));

    const longest = 'c'.repeat(16_384);
    one.answers.set(longest, { active: true });

    await expect(fixture.router.introspectCookie(`${longest}c`, BEARER)).resolves.toMatchObject({
      refusals: [{ code: 'too-long' }],
    });
    expect(asked()).toEqual([0, 0]);
    await expect(fixture.router.introspectCookie(longest, BEARER)).resolves.toMatchObject({
      isConfirmed: true,
    });
  });

  it('that is bound to a key is no credential without it', async () => {
    fixture.introspectors.set(opaque('a', one, { type: 'aspxauth' }));
    one.answers.set('c', { active: true, cnf: { jkt: 'A'.repeat(43) } });

    await expect(fixture.router.introspectCookie('c', BEARER)).resolves.toMatchObject({
      refusals: [{ code: 'proof-required' }],
    });
  });
});
