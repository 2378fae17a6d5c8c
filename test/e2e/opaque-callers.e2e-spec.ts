import { dpopProof } from '../support/dpop-proof.js';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { ecKey } from '../support/token-signer.js';

const START_TIMEOUT_MS = 120_000;
const ISSUER = 'https://issuer.example';
const LONG_SECONDS = 86_400;

let app: TestApp;
let provider: OpenIdProvider;

beforeAll(async () => {
  provider = await startOpenIdProvider();
  app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
  await app.put('/fhir/IdentityProvider/op', {
    active: true,
    system: 'op',
    userinfo_endpoint: provider.userinfoEndpoint,
    'userinfo-source': 'userinfo-endpoint',
    toScim: { email: ['email'] },
    serviceAccounts: 'client',
    roleMapping: [{ claim: ['realm_access', 'roles'], value: 'doctor', role: 'practitioner' }],
  });
  await store();
  await app.put('/fhir/AccessPolicy/patients', {
    engine: 'matcho',
    matcho: { uri: '#^/fhir/Patient', token: { client_id: 'app' } },
  });
  await app.put('/fhir/AccessPolicy/basics', {
    engine: 'matcho',
    roleName: 'practitioner',
    matcho: { uri: '#^/fhir/Basic' },
  });
  await app.put('/fhir/AccessPolicy/own', {
    engine: 'matcho',
    matcho: { uri: '#^/fhir/Person', user: { id: '.params.resource/id' } },
  });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await app.stop();
  await provider.stop();
});

const store = (elements: object = {}): Promise<Reply> =>
  app.put('/fhir/TokenIntrospector/op', {
    type: 'opaque',
    introspection_endpoint: {
      url: provider.introspectionEndpoint,
      authorization: provider.introspectionAuthorization,
    },
    identity_provider: { reference: 'IdentityProvider/op' },
    cache_ttl: LONG_SECONDS,
    ...elements,
  });

const opaqueToken = (sub: string, tokenClaims: Readonly<Record<string, unknown>> = {}) =>
  provider.userToken(sub, { email: `${sub}@example.com` }, { format: 'opaque', tokenClaims });
const statusOf = async (token: string, path = '/fhir/Patient'): Promise<number> =>
  (await app.call('GET', path, { token })).status;
const calls = (url: string): number => provider.requests.get(new URL(url).pathname) ?? 0;

async function usersOf(sub: string): Promise<readonly Record<string, unknown>[]> {
  const reply = await app.call('GET', `/fhir/User?identifier=op|${sub}`, { asRoot: true });
  const entries = (reply.json?.['entry'] ?? []) as { resource: Record<string, unknown> }[];
  return entries.map(({ resource }) => resource);
}

describe('an opaque token of an OpenID provider', () => {
  it('is accepted for what the provider says of it, and it alone', async () => {
    expect(await statusOf(await provider.clientCredentialsToken('opaque'))).toBe(200);
    expect(await statusOf(await opaqueToken('ada'))).toBe(200);
    expect(await statusOf(crypto.randomUUID())).toBe(401);
  });

  it('cannot be judged without the credentials that the provider asks for', async () => {
    const token = await opaqueToken('ada');
    const wrong = `Basic ${Buffer.from('app:wrong').toString('base64')}`;
    await store({
      introspection_endpoint: { url: provider.introspectionEndpoint, authorization: wrong },
    });
    expect(await statusOf(token)).toBe(503);
    await store();
    expect(await statusOf(token)).toBe(200);
  });

  it('that is revoked there is 401 as soon as nothing is kept of it', async () => {
    const [kept, fresh] = [await opaqueToken('ada'), await opaqueToken('ada')];
    expect(await statusOf(kept)).toBe(200);
    await provider.revoke(kept);
    await provider.revoke(fresh);

    expect([await statusOf(kept), await statusOf(fresh)]).toEqual([200, 401]);
    await app.call('POST', '/$drop-cache', { asRoot: true });
    expect(await statusOf(kept)).toBe(401);
  });

  it('that is revoked there is 401 after cache_ttl', async () => {
    await store({ cache_ttl: 1 });
    const token = await opaqueToken('ada');
    expect(await statusOf(token)).toBe(200);
    await provider.revoke(token);
    while ((await statusOf(token)) === 200);

    expect(await statusOf(token)).toBe(401);
    await store();
  });

  it('bound to a key is accepted with a proof of it, and not as Bearer', async () => {
    const key = ecKey();
    const atProvider = { method: 'POST', url: `${provider.issuer}/token` };
    const token = await provider.clientCredentialsToken('opaque', dpopProof(key, atProvider));
    const send = (signer = key): Promise<Reply> => {
      const request = { method: 'GET', url: `${app.baseUrl}/fhir/Patient`, token };
      const headers = { authorization: `DPoP ${token}`, dpop: dpopProof(signer, request) };
      return app.call('GET', '/fhir/Patient', { headers });
    };

    expect(token).not.toContain('.');
    expect((await send()).status).toBe(200);
    expect((await send(ecKey())).status).toBe(401);
    expect(await statusOf(token)).toBe(401);
  });
});

describe('the User of an opaque token', () => {
  it('is made once, of what the userinfo endpoint says to that very token', async () => {
    const before = calls(provider.userinfoEndpoint);
    const token = await opaqueToken('new-user');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(token)));

    expect(new Set(statuses)).toEqual(new Set([200]));
    const [user, another] = await usersOf('new-user');
    expect(another).toBeUndefined();
    expect(user).toMatchObject({
      email: 'new-user@example.com',
      data: { sub: 'new-user', email: 'new-user@example.com' },
    });
    expect(calls(provider.userinfoEndpoint)).toBe(before + 1);
    expect(await statusOf(token, `/fhir/Person/${String(user?.['id'])}`)).toBe(404);
    expect(await statusOf(token, '/fhir/Person/another')).toBe(403);
  });

  it.each([
    ['by box_user', { id: 'by-box' }, 'someone', { box_user: 'by-box' }],
    [
      'by identifier',
      { id: 'by-identifier', identifier: [{ system: 'op', value: 'known-sub' }] },
      'known-sub',
      {},
    ],
    ['by id', { id: 'by-sub' }, 'by-sub', {}],
  ])('is found %s', async (_how, user, sub, claims) => {
    await app.put(`/fhir/User/${user.id}`, user);
    await app.put('/fhir/AccessPolicy/found', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Observation', user: { id: user.id } },
    });

    expect(await statusOf(await opaqueToken(sub, claims), '/fhir/Observation')).toBe(200);
    expect(await statusOf(await opaqueToken('another'), '/fhir/Observation')).toBe(403);
  });

  it('is refused while inactive', async () => {
    await app.put('/fhir/User/leaver', { inactive: true });
    const token = await opaqueToken('leaver');
    expect(await statusOf(token)).toBe(401);
    await app.put('/fhir/User/leaver', { inactive: false });
    expect(await statusOf(token)).toBe(200);
  });

  it('has the Roles that the answer says, by the mapping of the IdentityProvider', async () => {
    const doctor = await opaqueToken('doc', { realm_access: { roles: ['doctor'] } });
    const porter = await opaqueToken('porter', { realm_access: { roles: ['porter'] } });

    expect([await statusOf(doctor, '/fhir/Basic'), await statusOf(porter, '/fhir/Basic')]).toEqual([
      200, 403,
    ]);
  });
});

describe('a service account with an opaque token', () => {
  let endpoint: IntrospectionEndpoint;

  beforeAll(async () => {
    endpoint = await startIntrospectionEndpoint();
    const introspector = {
      type: 'opaque',
      introspection_endpoint: { url: endpoint.url },
      identity_provider: { reference: 'IdentityProvider/op' },
    };
    await app.put('/fhir/TokenIntrospector/named', {
      ...introspector,
      token_pattern: '^named-',
      jwt: { iss: ISSUER },
    });
    await app.put('/fhir/TokenIntrospector/any', { ...introspector, token_pattern: '^any-' });
    await app.put('/fhir/Client/backend', { allowedIssuers: [ISSUER] });
    await app.put('/fhir/AccessPolicy/backend', {
      engine: 'matcho',
      link: [{ reference: 'Client/backend' }],
      matcho: { uri: '#^/fhir/Condition' },
    });
  });
  afterAll(() => endpoint.stop());

  it.each([
    ['is the Client of its name', 'named', {}, 200],
    ['is nobody where it may be another of that name', 'any', {}, 403],
    [
      'is refused where the answer names another issuer',
      'named',
      { iss: 'https://b.example' },
      401,
    ],
    ['is none where the answer speaks of a person', 'named', { username: 'eve' }, 403],
  ])('%s', async (_case, introspector, members, status) => {
    const token = `${introspector}-${crypto.randomUUID()}`;
    const account = { client_id: 'backend', sub: 'backend', iss: ISSUER };
    endpoint.answers.set(token, { active: true, ...account, ...members });

    expect(await statusOf(token, '/fhir/Condition')).toBe(status);
  });
});
