import { setTimeout as delay } from 'node:timers/promises';
import { setUpGlewlwyd, type Glewlwyd, type GlewlwydIssuer } from '../support/glewlwyd.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const url = process.env['WARDGATE_TEST_GLEWLWYD_URL'] ?? '';

let app: TestApp;
let server: Glewlwyd;
let provider: GlewlwydIssuer;

beforeAll(async () => {
  app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
  server = await setUpGlewlwyd(url);
  provider = await server.addIssuer();
  await app.put('/fhir/IdentityProvider/glewlwyd', {
    active: true,
    system: 'glewlwyd',
    scopes: ['openid'],
    userinfo_endpoint: provider.userinfoEndpoint,
    'userinfo-source': 'userinfo-endpoint',
  });
  await trust('glewlwyd', provider);
  await app.put('/fhir/AccessPolicy/readers', {
    engine: 'matcho',
    matcho: { uri: '/fhir/Patient', jwt: { iss: 'present?' } },
  });
});
afterAll(() => app.stop());

/** Trusts an issuer by its name alone: its keys are found by discovery. */
async function trust(id: string, { issuer }: GlewlwydIssuer, jwt: object = {}): Promise<void> {
  await app.put(`/fhir/TokenIntrospector/${id}`, {
    type: 'jwt',
    jwt: { iss: issuer, ...jwt },
    identity_provider: { reference: 'IdentityProvider/glewlwyd' },
  });
}

const readPatients = async (token: string): Promise<number> =>
  (await app.call('GET', '/fhir/Patient', { token })).status;

const claimsOf = (token: string): { readonly sub: string; readonly exp: number } => {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return JSON.parse(payload) as { readonly sub: string; readonly exp: number };
};

describe('Glewlwyd, found by discovery', () => {
  it('has the tokens of its clients accepted', async () => {
    const { access_token: token } = await provider.serviceTokens();

    await expect(readPatients(token)).resolves.toBe(200);
    expect((await app.call('DELETE', '/fhir/Patient/p1', { token })).status).toBe(403);
  });

  it('has a person accepted, and made a User with what the userinfo endpoint knows', async () => {
    const { access_token: token } = await provider.personsTokens();
    const { sub } = claimsOf(token);

    await expect(readPatients(token)).resolves.toBe(200);

    const identifier = `glewlwyd|${sub}`;
    const found = await app.call('GET', `/fhir/User?identifier=${identifier}`, { asRoot: true });
    expect(found.json).toMatchObject({
      total: 1,
      entry: [
        {
          resource: {
            identifier: [{ system: 'glewlwyd', value: sub }],
            data: { sub, email: server.person.email },
          },
        },
      ],
    });
  });

  it.each(['id_token', 'refresh_token'] as const)('has its %s refused', async (kind) => {
    const tokens = await provider.personsTokens();

    await expect(readPatients(tokens[kind] ?? '')).resolves.toBe(401);
    await expect(readPatients(tokens.access_token)).resolves.toBe(200);
  });

  it('has the tokens of another issuer on the same server refused', async () => {
    const other = await server.addIssuer();
    const { access_token: token } = await other.personsTokens();

    await expect(readPatients(token)).resolves.toBe(401);
    await trust('other', other);
    await expect(readPatients(token)).resolves.toBe(200);
  });

  it('has tokens refused once they have expired', async () => {
    const brief = await server.addIssuer({ accessTokenSeconds: 10 });
    await trust('brief', brief, { clock_skew: 0 });
    const { access_token: token } = await brief.serviceTokens();
    await expect(readPatients(token)).resolves.toBe(200);

    await delay(claimsOf(token).exp * 1000 - Date.now());

    await expect(readPatients(token)).resolves.toBe(401);
  });

  it('may rotate its keys: new tokens are accepted at once, those of the old key no more', async () => {
    const rotating = await server.addIssuer();
    await trust('rotating', rotating);
    const { access_token: old } = await rotating.serviceTokens();
    await expect(readPatients(old)).resolves.toBe(200);

    await rotating.rotateKeys();

    const { access_token: renewed } = await rotating.serviceTokens();
    await expect(readPatients(renewed)).resolves.toBe(200);
    await expect(readPatients(old)).resolves.toBe(401);
  });
});
