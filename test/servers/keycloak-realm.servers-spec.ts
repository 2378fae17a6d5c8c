import { setTimeout as delay } from 'node:timers/promises';
import {
  KEYCLOAK_CLIENT,
  LIGHTWEIGHT_CLIENT,
  makeKeycloakRealm,
  type KeycloakRealm,
} from '../support/keycloak.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const url = process.env['WARDGATE_TEST_KEYCLOAK_URL'] ?? '';
const REALM = 'clinic';

let app: TestApp;
let realm: KeycloakRealm;

beforeAll(async () => {
  app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
  realm = await makeKeycloakRealm(url, REALM, {
    doctor: ['medicus'],
    retiring: ['medicus'],
    clerk: [],
    leaver: ['medicus'],
    dismissed: ['medicus'],
  });
  await app.put('/fhir/IdentityProvider/keycloak', {
    active: true,
    system: 'keycloak',
    'userinfo-source': 'id-token',
    roleMapping: [{ claim: ['realm_access', 'roles'], value: 'medicus', role: 'practitioner' }],
    serviceAccounts: 'client',
  });
  await app.put('/fhir/TokenIntrospector/keycloak', {
    type: 'jwt',
    jwt: { iss: realm.issuer, clock_skew: 0 },
    jwks_uri: realm.jwksUri,
    cache_ttl: 1,
    identity_provider: { reference: 'IdentityProvider/keycloak' },
  });
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

const read = async (token: string, type = 'Patient'): Promise<number> =>
  (await app.call('GET', `/fhir/${type}`, { token })).status;
const tokenOf = async (username: string, clientId?: string): Promise<string> =>
  (await realm.personsTokens(username, clientId)).access_token;

describe('realm roles', () => {
  it('are Roles here, by roleMapping', async () => {
    await expect(read(await tokenOf('doctor'))).resolves.toBe(200);
    await expect(read(await tokenOf('clerk'))).resolves.toBe(403);
  });

  it('that are taken away are gone with the next token', async () => {
    const before = await tokenOf('retiring');
    await expect(read(before)).resolves.toBe(200);

    await realm.removeRole('retiring', 'medicus');

    await expect(read(await tokenOf('retiring'))).resolves.toBe(403);
    // What a signed token says holds until it expires; nobody is asked.
    await expect(read(before)).resolves.toBe(200);
  });

  it('are not in a lightweight token, which says not even who it is of', async () => {
    await expect(read(await tokenOf('doctor', LIGHTWEIGHT_CLIENT))).resolves.toBe(403);
    await expect(read(await tokenOf('doctor', KEYCLOAK_CLIENT))).resolves.toBe(200);
  });
});

describe('a service account', () => {
  it('is the Client of its client id, which a person that it serves is not', async () => {
    await app.put(`/fhir/Client/${KEYCLOAK_CLIENT}`, { allowedIssuers: [realm.issuer] });
    await app.put('/fhir/AccessPolicy/app', {
      engine: 'matcho',
      link: [{ reference: `Client/${KEYCLOAK_CLIENT}` }],
      matcho: { uri: '/fhir/Observation' },
    });

    await expect(read(await realm.serviceToken(), 'Observation')).resolves.toBe(200);
    await expect(read(await realm.serviceToken())).resolves.toBe(403);
    await expect(read(await tokenOf('doctor'), 'Observation')).resolves.toBe(403);
  });
});

describe('a person who leaves', () => {
  it('is out at once when the User becomes inactive here', async () => {
    const token = await tokenOf('leaver');
    await expect(read(token)).resolves.toBe(200);
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly sub: string;
    };
    const found = await app.call('GET', `/fhir/User?identifier=keycloak|${sub}`, { asRoot: true });
    const [entry] = found.json?.['entry'] as { readonly resource: { readonly id: string } }[];

    await app.put(`/fhir/User/${entry?.resource.id ?? ''}`, { ...entry?.resource, inactive: true });

    await expect(read(token)).resolves.toBe(401);
    await expect(read(await tokenOf('leaver'))).resolves.toBe(401);
  });

  it('gets no token once disabled there, but keeps a signed one until it expires', async () => {
    const token = await tokenOf('dismissed');

    await realm.disable('dismissed');

    await expect(realm.admits('dismissed')).resolves.toBe(false);
    await expect(realm.admits('doctor')).resolves.toBe(true);
    await expect(read(token)).resolves.toBe(200);
  });
});

describe('a session that ends there', () => {
  it('leaves the signed token valid until it expires, and yields no further one', async () => {
    const tokens = await realm.personsTokens('doctor');
    await expect(realm.refreshes(tokens)).resolves.toBe(true);

    await realm.logOut('doctor');

    await expect(realm.refreshes(tokens)).resolves.toBe(false);
    await expect(read(tokens.access_token)).resolves.toBe(200);
  });
});

describe('key rotation', () => {
  it('has new tokens accepted at once, and those of a removed key no more', async () => {
    const old = await tokenOf('doctor');
    await expect(read(old)).resolves.toBe(200);

    await realm.addKey();
    const renewed = await tokenOf('doctor');
    await expect(read(renewed)).resolves.toBe(200);
    await expect(read(old)).resolves.toBe(200);

    await realm.removeOldKeys();
    // Cached keys serve for their time to live.
    while ((await read(old)) === 200) await delay(100);
    await expect(read(old)).resolves.toBe(401);
    await expect(read(renewed)).resolves.toBe(200);
  });
});
