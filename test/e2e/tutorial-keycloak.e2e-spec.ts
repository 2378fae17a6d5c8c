import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const identityProvider = (userinfoEndpoint: string) => `id: keycloak
scopes:
  - profile
  - openid
system: keycloak
userinfo_endpoint: ${userinfoEndpoint}
userinfo-source: userinfo-endpoint
resourceType: IdentityProvider
title: Keycloak
active: true
`;

const tokenIntrospector = (issuer: string, jwksUri: string) => `resourceType: TokenIntrospector
type: jwt
jwt:
  iss: ${issuer}
jwks_uri: ${jwksUri}
identity_provider:
  reference: IdentityProvider/keycloak
`;

const accessPolicy = (issuer: string) => `resourceType: AccessPolicy
engine: matcho
matcho:
  jwt:
    iss: ${issuer}
`;

const SUB = '74ae9aaf-5681-4231-96d3-eeec940a20b4';
const CLAIMS = { email_verified: false, preferred_username: 'service-account-my-client' };

describe('the tutorial that creates users from foreign tokens', () => {
  let provider: OpenIdProvider;
  let app: TestApp;

  beforeAll(async () => {
    provider = await startOpenIdProvider();
    app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
    await app.put('/fhir/IdentityProvider/keycloak', identityProvider(provider.userinfoEndpoint));
    await app.put(
      '/fhir/TokenIntrospector/keycloak-jwt-introspector',
      tokenIntrospector(provider.issuer, provider.jwksUri),
    );
    await app.put('/fhir/AccessPolicy/keycloak-users-policy', accessPolicy(provider.issuer));
  });
  afterAll(async () => {
    await provider.stop();
    await app.stop();
  });

  const users = async () => {
    const reply = await app.call('GET', '/fhir/User', { asRoot: true });
    const entries = reply.json?.['entry'] as { resource: Record<string, unknown> }[];
    return entries.map(({ resource }) => resource).filter(({ id }) => id !== 'admin');
  };

  it('creates the User of a token with its first request, once', async () => {
    const token = await provider.userToken(SUB, CLAIMS);

    const first = await app.call('GET', '/fhir/Patient', { token });
    const second = await app.call('GET', '/fhir/Patient', { token });

    expect([first.status, second.status]).toEqual([200, 200]);
    const [user, ...others] = await users();
    expect(others).toEqual([]);
    expect(user).toEqual({
      resourceType: 'User',
      id: expect.stringMatching(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/),
      data: { sub: SUB, ...CLAIMS },
      identifier: [{ system: 'keycloak', value: SUB }],
      meta: {
        versionId: '1',
        lastUpdated: expect.stringMatching(/^\d{4}-/),
        extension: [{ url: 'ex:createdAt', valueInstant: expect.stringMatching(/^\d{4}-/) }],
      },
    });
    expect(user?.['id']).not.toBe(SUB);
  });

  it('creates the User of a service account from the client credentials grant', async () => {
    const token = await provider.clientCredentialsToken('jwt');

    expect((await app.call('GET', '/fhir/Patient', { token })).status).toBe(200);
  });

  it('creates one User under 300 parallel first requests', async () => {
    const token = await provider.userToken('parallel-sub', CLAIMS);

    const replies = await Promise.all(
      Array.from({ length: 300 }, () => app.call('GET', '/fhir/Patient', { token })),
    );

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const created = (await users()).filter(({ identifier }) =>
      JSON.stringify(identifier).includes('parallel-sub'),
    );
    expect(created).toHaveLength(1);
  });

  it('opens clinical types only: the policy names nothing but the issuer', async () => {
    const token = await provider.userToken(SUB, CLAIMS);

    const reply = await app.call('PUT', '/fhir/AccessPolicy/mine', {
      token,
      body: { engine: 'allow' },
    });

    expect(reply.status).toBe(403);
    expect(reply.text).toContain('administration');
    expect((await app.call('GET', '/fhir/AccessPolicy/mine', { asRoot: true })).status).toBe(404);
  });

  it('stops to open anything when the introspector is deactivated', async () => {
    const token = await provider.userToken(SUB, CLAIMS);
    const path = '/fhir/TokenIntrospector/keycloak-jwt-introspector';
    const body = tokenIntrospector(provider.issuer, provider.jwksUri);

    await app.put(path, `${body}active: false\n`);
    expect((await app.call('GET', '/fhir/Patient', { token })).status).toBe(401);
    await app.put(path, body);
    expect((await app.call('GET', '/fhir/Patient', { token })).status).toBe(200);
  });
});
