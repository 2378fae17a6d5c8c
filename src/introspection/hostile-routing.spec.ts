import { BEARER, introspectionFixture } from '../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../test/support/introspection-endpoint.js';
import { accessClaims, secretKey, signJwt } from '../../test/support/token-signer.js';

const ISS = 'https://auth.example.com';
const fixture = introspectionFixture();
const named = { id: 'named', type: 'jwt', jwt: { iss: ISS, secret: 'named' } };
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

function jwt(secret: string, iss = ISS): string {
  const jti = crypto.randomUUID();
  return signJwt(secretKey(secret), { ...accessClaims(ISS, fixture.clock.now()), iss, jti });
}

async function judge(token: string): Promise<unknown> {
  const introspection = await fixture.introspect(token);
  return introspection.active ? introspection.introspector.id : introspection.refusals;
}

const asked = (): readonly number[] => [one.asked.length, two.asked.length];

describe('a JWT that is bound to its sender', () => {
  const BOUND = { cnf: { jkt: 'A'.repeat(43) } };

  it.each([
    ['nothing', {}],
    ['the same', BOUND],
    ['another binding', { cnf: { 'x5t#S256': 'A'.repeat(43) } }],
  ])('stays so where the answer of an endpoint says %s of it', async (_what, members) => {
    const claims = { ...accessClaims(ISS, fixture.clock.now()), ...BOUND };
    const token = signJwt(secretKey('any'), claims);
    fixture.introspectors.set(opaque('a', one, { accept_jwt: true }));
    one.answers.set(token, { active: true, ...members });

    const refusals = await fixture.refusals(token, {
      ...BEARER,
      evidence: { ...BEARER.evidence, certificateThumbprint: () => 'A'.repeat(43) },
    });

    expect(refusals).toEqual(['proof-required']);
  });
});

describe('a JWT that cannot be read', () => {
  const part = (text: string): string => Buffer.from(text).toString('base64url');
  const payload = part('{"iss":"a"}');
  const UNREADABLE: readonly (readonly [string, string])[] = [
    ['has no signature', `${part('{"alg":"none"}')}.${payload}.`],
    ['names a member twice', `${part('{"alg":"HS256"}')}.${part('{"iss":"a","iss":"b"}')}.c2ln`],
    ['has a broken header', `${part('{"alg":"HS256"')}.${payload}.c2ln`],
    ['demands an extension', `${part('{"alg":"HS256","crit":["x"]}')}.${payload}.c2ln`],
    ['has a claim of the wrong type', `${part('{"alg":"HS256"}')}.${part('{"iss":1}')}.c2ln`],
  ];

  it.each(UNREADABLE)('is refused and sent nowhere if it %s', async (_what, token) => {
    fixture.introspectors.set(opaque('a', one), opaque('b', two, { accept_jwt: true }));
    two.answers.set(token, { active: true });

    const introspection = await fixture.introspect(token);

    expect(introspection.active).toBe(false);
    expect(asked()).toEqual([0, 0]);
  });

  it.each([
    ['a dot at its end', (token: string) => `${token}.`],
    ['two dots at its end', (token: string) => `${token}..`],
    ['three dots at its end', (token: string) => `${token}...`],
    ['a fourth part', (token: string) => `${token}.x`],
    ['five parts, none encrypted', (token: string) => `${token}.x.y`],
    ['no signature', (token: string) => token.split('.', 2).join('.')],
  ])('is sent nowhere with %s, which endpoints may read as the JWT', async (_what, change) => {
    fixture.introspectors.set(
      { ...named, active: false },
      opaque('a', one),
      opaque('b', two, { accept_jwt: true }),
    );
    const token = change(jwt('named'));
    for (const endpoint of [one, two]) endpoint.answers.set(token, { active: true });

    await expect(judge(token)).resolves.toEqual([{ code: 'malformed' }]);
    expect(asked()).toEqual([0, 0]);
  });

  it('because it is encrypted reaches those that accept JWTs', async () => {
    const token = `${part('{"alg":"dir","enc":"A256GCM"}')}..aXY.Y3Q.dGFn`;
    fixture.introspectors.set(opaque('a', one), opaque('b', two, { accept_jwt: true }));
    two.answers.set(token, { active: true });

    await expect(judge(token)).resolves.toBe('b');
    expect(asked()).toEqual([0, 1]);
    fixture.introspectors.set(opaque('a', one));
    await expect(judge(token)).resolves.toEqual([{ code: 'encrypted' }]);
  });
});
