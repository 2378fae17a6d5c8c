import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const tokenOf = (claims: object) => signJwt(KEY, { ...accessClaims(ISSUER), ...claims });

const PROVIDER = {
  system: 'kc',
  'userinfo-source': 'id-token',
  roleMapping: [
    { claim: ['realm_access', 'roles'], value: 'doctor', role: 'practitioner' },
    { claim: 'groups', prefix: 'kc:' },
  ],
};

describe('Roles that a token carries', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' });
    await app.put('/fhir/IdentityProvider/kc', PROVIDER);
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
      identity_provider: { reference: 'IdentityProvider/kc' },
    });
    await app.put('/fhir/AccessPolicy/by-role-name', {
      engine: 'matcho',
      roleName: 'practitioner',
      matcho: { uri: '#^/fhir/Patient' },
    });
    await app.put('/fhir/AccessPolicy/by-pattern', {
      engine: 'matcho',
      matcho: {
        uri: '#^/fhir/Basic',
        session: { role: { $contains: { name: 'kc:ward-3', user: { id: '.user.id' } } } },
      },
    });
    await app.put('/fhir/AccessPolicy/privileged', { engine: 'allow', roleName: 'privileged' });
    await app.put('/fhir/User/ada', { identifier: [{ system: 'kc', value: 'ada-sub' }] });
  });
  afterAll(() => app.stop());

  const get = (path: string, claims: object): Promise<Reply> =>
    app.call('GET', path, { token: tokenOf(claims) });
  const statuses = (...replies: readonly Reply[]) => replies.map(({ status }) => status);

  it('open what a policy with their roleName opens, from the first request on', async () => {
    const doctor = { sub: 'new-doctor', realm_access: { roles: ['doctor'] } };
    const porter = { sub: 'new-porter', realm_access: { roles: ['porter'] } };

    expect(
      statuses(await get('/fhir/Patient', doctor), await get('/fhir/Patient', porter)),
    ).toEqual([200, 403]);
  });

  it('are gone here with the first token that lacks them', async () => {
    const before = await get('/fhir/Patient', {
      sub: 'ada-sub',
      realm_access: { roles: ['doctor'] },
    });
    const after = await get('/fhir/Patient', { sub: 'ada-sub', realm_access: { roles: [] } });
    const stored = await app.call('GET', '/fhir/Role?user=User/ada', { asRoot: true });

    expect(statuses(before, after)).toEqual([200, 403]);
    expect(stored.json).toMatchObject({ total: 0 });
  });

  it('are seen by patterns as Roles of the User, in session.role too', async () => {
    const allowed = await get('/fhir/Basic', { sub: 'ada-sub', groups: ['ward-3'] });
    const denied = await get('/fhir/Basic', { sub: 'ada-sub', groups: ['ward-4'] });

    expect(statuses(allowed, denied)).toEqual([200, 403]);
  });

  it('stand beside those that are stored', async () => {
    await app.put('/fhir/AccessPolicy/both', {
      engine: 'matcho',
      matcho: {
        uri: '#^/fhir/Condition',
        role: [
          { id: 'r', name: 'stored' },
          { name: 'kc:ward-3', id: 'nil?' },
        ],
      },
    });
    const claims = { sub: 'ada-sub', groups: ['ward-3'] };

    const without = await get('/fhir/Condition', claims);
    await app.put('/fhir/Role/r', { name: 'stored', user: { reference: 'User/ada' } });
    const both = await get('/fhir/Condition', claims);

    expect(statuses(without, both)).toEqual([403, 200]);
  });

  it('never take a name that an entry does not give', async () => {
    const claims = {
      sub: 'ada-sub',
      realm_access: { roles: ['practitioner', 'privileged'] },
      groups: ['practitioner', 'privileged'],
      role: ['privileged'],
    };

    expect(statuses(await get('/fhir/Patient', claims), await get('/fhir/User', claims))).toEqual([
      403, 403,
    ]);
  });

  it('need a User', async () => {
    const nobody = { box_user: 'nobody', realm_access: { roles: ['doctor'] } };
    const somebody = { sub: 'ada-sub', realm_access: { roles: ['doctor'] } };

    expect(
      statuses(await get('/fhir/Patient', nobody), await get('/fhir/Patient', somebody)),
    ).toEqual([403, 200]);
  });

  it('make nobody an administrator', async () => {
    await app.put('/fhir/AccessPolicy/chiefs', { engine: 'allow', roleName: 'kc:chief' });
    const chief = tokenOf({ sub: 'ada-sub', groups: ['chief'] });
    const body = { request: {}, policy: { engine: 'allow' } };

    const asChief = await app.call('POST', '/auth/test-policy', { token: chief, body });
    const write = await app.call('PUT', '/fhir/Role/of-chief', {
      token: chief,
      body: { name: 'x', user: { reference: 'User/x' } },
    });

    expect(statuses(asChief, write)).toEqual([403, 201]);
  });

  it('follow the provider with the very next request', async () => {
    const claims = { sub: 'ada-sub', realm_access: { roles: ['doctor'] } };
    const token = tokenOf(claims);
    const ask = () => app.call('GET', '/fhir/Patient', { token });

    const before = await ask();
    await app.put('/fhir/IdentityProvider/kc', { ...PROVIDER, active: false });
    const inactive = await ask();
    await app.put('/fhir/IdentityProvider/kc', { ...PROVIDER, roleMapping: [] });
    const unmapped = await ask();
    await app.put('/fhir/IdentityProvider/kc', PROVIDER);
    const again = await ask();

    expect(statuses(before, inactive, unmapped, again)).toEqual([200, 403, 403, 200]);
  });

  it('are refused as a mapping that cannot be read, with the place', async () => {
    const reply = await app.call('PUT', '/fhir/IdentityProvider/bad', {
      asRoot: true,
      body: { roleMapping: [{ claim: 'groups', value: 'a' }] },
    });

    expect(reply.status).toBe(422);
    expect(reply.json?.['issue']).toMatchObject([
      { code: 'value', expression: ['IdentityProvider.roleMapping[0]'] },
    ]);
  });

  it('are kept as they were written, on both families of routes', async () => {
    for (const path of ['/fhir/IdentityProvider/kc', '/IdentityProvider/kc']) {
      const reply = await app.call('GET', path, { asRoot: true });

      expect(reply.json?.['roleMapping']).toEqual(PROVIDER.roleMapping);
    }
  });
});
