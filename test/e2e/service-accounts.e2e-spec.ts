import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const tokenOf = (claims: object) => signJwt(KEY, { ...accessClaims(ISSUER), ...claims });
/** As Keycloak issues them to a service account and to a person of the same client. */
const accountOf = (clientId: string) => ({
  sub: `account-of-${clientId}`,
  azp: clientId,
  client_id: clientId,
  preferred_username: `service-account-${clientId}`,
});
const personAt = (clientId: string) => ({
  sub: `person-at-${clientId}`,
  azp: clientId,
  sid: 'session',
  preferred_username: `service-account-${clientId}`,
});

describe('service accounts', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
    await app.put('/fhir/IdentityProvider/kc', {
      system: 'kc',
      'userinfo-source': 'id-token',
      serviceAccounts: 'client',
    });
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
      identity_provider: { reference: 'IdentityProvider/kc' },
    });
    await app.put('/fhir/Client/backend', { allowedIssuers: [ISSUER] });
    await app.put('/fhir/AccessPolicy/backend', {
      engine: 'matcho',
      link: [{ reference: 'Client/backend' }],
      matcho: { uri: '#^/fhir/Patient' },
    });
    await app.put('/fhir/AccessPolicy/anybody', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Basic', jwt: { iss: ISSUER } },
    });
    await app.put('/fhir/AccessPolicy/users', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Condition', user: 'present?' },
    });
  });
  afterAll(() => app.stop());

  const get = (path: string, claims: object): Promise<Reply> =>
    app.call('GET', path, { token: tokenOf(claims) });
  const statuses = async (claims: object, ...paths: readonly string[]) => {
    const replies = await Promise.all(paths.map((path) => get(path, claims)));
    return replies.map(({ status }) => status);
  };
  const userCount = async (sub: string) => {
    const reply = await app.call('GET', `/fhir/User?identifier=kc|${sub}`, { asRoot: true });
    return reply.json?.['total'];
  };

  it('act as the Client that allows their issuer, and create no User', async () => {
    const account = accountOf('backend');

    expect(await statuses(account, '/fhir/Patient', '/fhir/Condition')).toEqual([200, 403]);
    expect(await userCount(account.sub)).toBe(0);
  });

  it('are nothing that a person could be by the same client', async () => {
    const person = personAt('backend');

    expect(await statuses(person, '/fhir/Patient', '/fhir/Condition')).toEqual([403, 200]);
    expect(await userCount(person.sub)).toBe(1);
  });

  it('are nobody without a Client of their name, or with one that does not allow the issuer', async () => {
    await app.put('/fhir/Client/closed', {});
    await app.put('/fhir/Client/elsewhere', {
      allowedIssuers: [`${ISSUER}/`, 'https://x.example'],
    });
    await app.put('/fhir/AccessPolicy/closed', {
      engine: 'matcho',
      link: [{ reference: 'Client/closed' }, { reference: 'Client/elsewhere' }],
      matcho: { uri: '#^/fhir/Patient' },
    });

    for (const clientId of ['unknown', 'closed', 'elsewhere']) {
      const account = accountOf(clientId);
      expect(await statuses(account, '/fhir/Patient', '/fhir/Condition', '/fhir/Basic')).toEqual([
        403, 403, 200,
      ]);
      expect(await userCount(account.sub)).toBe(0);
    }
  });

  it('are refused as an inactive Client, from the next request on', async () => {
    await app.put('/fhir/Client/leaving', { allowedIssuers: [ISSUER] });
    const before = await get('/fhir/Basic', accountOf('leaving'));

    await app.put('/fhir/Client/leaving', { allowedIssuers: [ISSUER], active: false });
    const after = await get('/fhir/Basic', accountOf('leaving'));

    expect([before.status, after.status]).toEqual([200, 401]);
    expect(after.headers.get('www-authenticate')).toContain('invalid_token');
    expect(after.text).not.toMatch(/leaving|inactive/);
  });

  it('never act as the Client of the first start, even if it allows their issuer', async () => {
    const root = await app.call('GET', '/fhir/Client/root', { asRoot: true });

    const before = await get('/fhir/User', accountOf('root'));
    await app.put('/fhir/Client/root', { ...root.json, allowedIssuers: [ISSUER] });
    const allowed = await get('/fhir/User', accountOf('root'));

    expect([before.status, allowed.status]).toEqual([403, 401]);
  });

  it('are Users unless the provider says otherwise, or when it is inactive', async () => {
    const provider = { system: 'kc', 'userinfo-source': 'id-token' };
    const account = accountOf('backend');

    await app.put('/fhir/IdentityProvider/kc', provider);
    const asUser = await statuses(account, '/fhir/Patient', '/fhir/Condition');
    await app.put('/fhir/IdentityProvider/kc', {
      ...provider,
      serviceAccounts: 'client',
      active: false,
    });
    const inactive = await statuses(account, '/fhir/Patient', '/fhir/Condition');
    await app.put('/fhir/IdentityProvider/kc', { ...provider, serviceAccounts: 'client' });
    const again = await statuses(account, '/fhir/Patient', '/fhir/Condition');

    expect(asUser).toEqual([403, 200]);
    expect(inactive).toEqual([403, 200]);
    expect(again).toEqual([200, 403]);
  });
});
