import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const PROVIDER = { system: 'kc', 'userinfo-source': 'id-token' };

describe('the link of a subject to the User that has its e-mail', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
      identity_provider: { reference: 'IdentityProvider/kc' },
    });
  });
  afterAll(() => app.stop());

  /** Whom the subject is after a request. */
  const userOf = async (sub: string, email: string): Promise<unknown> => {
    const claims = { ...accessClaims(ISSUER), sub, email, email_verified: true };
    await app.call('GET', '/fhir/Patient', { token: signJwt(KEY, claims) });
    const found = await app.call('GET', `/fhir/User?identifier=kc|${sub}`, { asRoot: true });
    const [entry] = (found.json?.['entry'] ?? []) as { resource: { id: string } }[];
    return entry?.resource.id;
  };

  it.each([
    ['is made where the provider says so', { linkByEmail: true }, true],
    ['is not made where it says no', { linkByEmail: false }, false],
    ['is not made where it says nothing', {}, false],
  ])('%s', async (name, element, isLinked) => {
    const id = name.replaceAll(' ', '-');
    await app.put(`/fhir/User/${id}`, { email: `${id}@example.com` });
    await app.put('/fhir/IdentityProvider/kc', { ...PROVIDER, ...element });

    const found = await userOf(`sub-of-${id}`, `${id}@example.com`);

    expect(found).toEqual(expect.any(String));
    expect(found === id).toBe(isLinked);
  });
});
