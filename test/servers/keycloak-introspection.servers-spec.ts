import { setTimeout as delay } from 'node:timers/promises';
import { LIGHTWEIGHT_CLIENT, makeKeycloakRealm, type KeycloakRealm } from '../support/keycloak.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const url = process.env['WARDGATE_TEST_KEYCLOAK_URL'] ?? '';

let app: TestApp;
let realm: KeycloakRealm;

beforeAll(async () => {
  app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
  realm = await makeKeycloakRealm(url, 'asked', {
    doctor: ['medicus'],
    clerk: [],
    leaver: ['medicus'],
    dismissed: ['medicus'],
  });
  await app.put('/fhir/IdentityProvider/keycloak', {
    active: true,
    system: 'keycloak',
    'userinfo-source': 'id-token',
    roleMapping: [{ claim: ['realm_access', 'roles'], value: 'medicus', role: 'practitioner' }],
  });
  await trust(realm.clientAuthorization);
  await app.put('/fhir/AccessPolicy/practitioners', {
    engine: 'matcho',
    roleName: 'practitioner',
    matcho: { uri: '/fhir/Patient' },
  });
});
afterAll(async () => {
  await realm.remove();
  await app.stop();
});

/** Has every token judged by Keycloak itself; signed ones, too, because it has no others. */
async function trust(authorization: string): Promise<void> {
  await app.put('/fhir/TokenIntrospector/keycloak', {
    type: 'opaque',
    introspection_endpoint: { url: realm.introspectionEndpoint, authorization },
    accept_jwt: true,
    cache_ttl: 1,
    identity_provider: { reference: 'IdentityProvider/keycloak' },
  });
}

const read = async (token: string): Promise<number> =>
  (await app.call('GET', '/fhir/Patient', { token })).status;
const tokenOf = async (username: string, clientId?: string): Promise<string> =>
  (await realm.personsTokens(username, clientId)).access_token;

/** What a token comes to once what is cached of it has ended. */
async function eventually(token: string): Promise<number> {
  while ((await read(token)) === 200) await delay(100);
  return read(token);
}

describe('Keycloak asked about each token', () => {
  it('tells the roles of the person', async () => {
    await expect(read(await tokenOf('doctor'))).resolves.toBe(200);
    await expect(read(await tokenOf('clerk'))).resolves.toBe(403);
  });

  it('tells them of a lightweight token, too', async () => {
    await expect(read(await tokenOf('doctor', LIGHTWEIGHT_CLIENT))).resolves.toBe(200);
    await expect(read(await tokenOf('clerk', LIGHTWEIGHT_CLIENT))).resolves.toBe(403);
  });

  it('ends a token with its session, as soon as the cached answer ends', async () => {
    const token = await tokenOf('leaver');
    await expect(read(token)).resolves.toBe(200);

    await realm.logOut('leaver');

    await expect(eventually(token)).resolves.toBe(401);
    await expect(read(await tokenOf('doctor'))).resolves.toBe(200);
  });

  it('ends the tokens of a person who is disabled', async () => {
    const token = await tokenOf('dismissed');
    await expect(read(token)).resolves.toBe(200);

    await realm.disable('dismissed');

    await expect(eventually(token)).resolves.toBe(401);
  });

  it('refuses its refresh token', async () => {
    const tokens = await realm.personsTokens('doctor');

    await expect(read(tokens.refresh_token)).resolves.toBe(401);
    await expect(read(tokens.access_token)).resolves.toBe(200);
  });

  it('cannot be asked with other credentials: nobody is told that the token is bad', async () => {
    const token = await tokenOf('doctor');
    await trust('Basic d3Jvbmc6d3Jvbmc=');
    await expect(read(token)).resolves.toBe(503);

    await trust(realm.clientAuthorization);
    await expect(read(token)).resolves.toBe(200);
  });
});
