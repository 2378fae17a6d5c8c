import { introspectionFixture } from '../../test/support/introspection-fixture.js';
import { startOpenIdProvider, type OpenIdProvider } from '../../test/support/openid-provider.js';

let provider: OpenIdProvider;
const fixture = introspectionFixture({ timeoutMs: 3000 });

beforeAll(async () => {
  provider = await startOpenIdProvider({ audience: 'https://fhir.example.com' });
});

beforeEach(() => {
  const elapsed = Date.now() - fixture.clock.now();
  fixture.clock.advance(elapsed / 1000);
  fixture.introspectors.set({
    id: 'kc',
    type: 'jwt',
    jwt: { iss: provider.issuer, aud: 'https://fhir.example.com', typ: 'at+jwt' },
    jwks_uri: provider.jwksUri,
  });
});

afterAll(async () => {
  await fixture.stop();
  await provider.stop();
});

describe('tokens of a certified provider', () => {
  it('accepts the JWT of a client', async () => {
    const token = await provider.clientCredentialsToken('jwt');

    await expect(fixture.introspect(token)).resolves.toMatchObject({
      claims: { iss: provider.issuer, client_id: 'app' },
    });
  });

  it('accepts the JWT of a user, whose claims the provider answers for it', async () => {
    const claims = { name: 'Ada', email: 'ada@example.com' };
    const token = await provider.userToken('ada', claims, { tokenClaims: { box_user: 'u1' } });

    await expect(fixture.introspect(token)).resolves.toMatchObject({
      claims: { sub: 'ada', box_user: 'u1' },
    });
    await expect(userinfo(token)).resolves.toEqual({ sub: 'ada', ...claims });
  });

  it('knows opaque tokens of users and clients', async () => {
    const user = await provider.userToken('ada', { name: 'Ada' }, { format: 'opaque' });
    const client = await provider.clientCredentialsToken('opaque');

    await expect(userinfo(user)).resolves.toEqual({ sub: 'ada', name: 'Ada' });
    await expect(introspection(client)).resolves.toMatchObject({ active: true });
    await expect(introspection('unknown')).resolves.toEqual({ active: false });
  });

  it('finds the keys by discovery', async () => {
    const jwt = { iss: provider.issuer };
    fixture.introspectors.set({ id: 'found', type: 'jwt', jwt });
    const token = await provider.clientCredentialsToken('jwt');

    await expect(fixture.refusals(token)).resolves.toEqual([]);
    expect(provider.requests.get('/.well-known/openid-configuration')).toBe(1);
  });

  it('follows a rotation of keys', async () => {
    provider.rotateKeys();
    const token = await provider.clientCredentialsToken('jwt');

    await expect(fixture.refusals(token)).resolves.toEqual([]);
  });
});

async function userinfo(token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(provider.userinfoEndpoint, { headers })).json();
}

async function introspection(token: string): Promise<unknown> {
  const response = await fetch(provider.introspectionEndpoint, {
    method: 'POST',
    headers: { authorization: provider.introspectionAuthorization },
    body: new URLSearchParams({ token }),
  });
  return response.json();
}
