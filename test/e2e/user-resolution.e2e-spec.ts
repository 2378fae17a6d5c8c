import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VersionConflict } from '../../src/errors/fhir-error.js';
import { UserProvisioning } from '../../src/resources/user/user-provisioning.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const tokenOf = (claims: object) => signJwt(KEY, { ...accessClaims(ISSUER), ...claims });

interface Resource {
  readonly id: string;
  readonly [element: string]: unknown;
}

describe('users of foreign tokens', () => {
  let database: TestDatabase;
  let app: TestApp;
  let other: TestApp;
  let third: TestApp;
  let userinfo: Server;
  let asked: number;
  let profileOf: (sub: string) => object;

  beforeAll(async () => {
    userinfo = createServer((request, response) => {
      asked += 1;
      const [, payload = ''] = (request.headers.authorization ?? '').split('.');
      const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string };
      response.end(JSON.stringify({ sub, ...profileOf(sub) }));
    });
    await new Promise<void>((resolve) => userinfo.listen(0, '127.0.0.1', resolve));
    const { port } = userinfo.address() as AddressInfo;
    const env = { BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' };
    database = await createTestDatabase();
    app = await startTestApp(env, database);
    other = await startTestApp(env, database);
    third = await startTestApp(env, database);
    await app.put('/fhir/IdentityProvider/kc', {
      system: 'kc',
      userinfo_endpoint: `http://127.0.0.1:${port}/userinfo`,
      toScim: { email: ['email'], preferred_username: ['userName'] },
      linkByEmail: true,
    });
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
      identity_provider: { reference: 'IdentityProvider/kc' },
      trusted_users: ['trusted'],
    });
    await app.put('/fhir/AccessPolicy/p', {
      engine: 'matcho',
      matcho: { jwt: { iss: ISSUER } },
    });
  });
  beforeEach(() => {
    asked = 0;
    profileOf = () => ({});
  });
  afterAll(async () => {
    await app.stop();
    await other.stop();
    await third.stop();
    await database.drop();
    await new Promise((resolve) => userinfo.close(resolve));
  });

  const request = (claims: object, at = app): Promise<Reply> =>
    at.call('GET', '/fhir/Patient', { token: tokenOf(claims) });
  const root = (method: string, path: string, body?: unknown) =>
    app.call(method, path, { asRoot: true, ...(body === undefined ? {} : { body }) });
  const usersOf = async (sub: string): Promise<readonly Resource[]> => {
    const reply = await root('GET', `/fhir/User?identifier=kc|${encodeURIComponent(sub)}`);
    const entries = (reply.json?.['entry'] ?? []) as { resource: Resource }[];
    return entries.map(({ resource }) => resource);
  };

  it('are created once by 300 first requests on three instances', async () => {
    const sub = randomUUID();
    const instances = [app, other, third];

    const replies = await Promise.all(
      Array.from({ length: 300 }, (_none, at) => request({ sub }, instances[at % 3])),
    );

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    await expect(usersOf(sub)).resolves.toHaveLength(1);
    expect(asked).toBeLessThanOrEqual(3);
  });

  it('are created without an e-mail or userName that another User has', async () => {
    const sub = randomUUID();
    await app.put('/fhir/User/ada', { email: 'ada@example.com', userName: 'ada' });
    profileOf = () => ({ email: 'ADA@example.com', preferred_username: 'Ada' });

    const reply = await request({ sub });

    expect(reply.status).toBe(200);
    const [user] = await usersOf(sub);
    expect(user).not.toHaveProperty('email');
    expect(user).not.toHaveProperty('userName');
    expect(user?.['data']).toEqual({ sub, email: 'ADA@example.com', preferred_username: 'Ada' });
  });

  it.each([
    ['the User', 'grace'],
    ['the User, though it is trusted,', 'trusted'],
  ])('are linked to %s that has their verified e-mail, once per system', async (_who, id) => {
    await app.put(`/fhir/User/${id}`, { email: `${id}@example.com`, displayName: 'Grace' });
    profileOf = () => ({ email: `${id.toUpperCase()}@example.com`, email_verified: true });
    const [first, second] = [randomUUID(), randomUUID()];

    await request({ sub: first });
    await request({ sub: second });

    const [linked] = await usersOf(first);
    const [created] = await usersOf(second);
    expect(linked).toMatchObject({ id, displayName: 'Grace' });
    expect(created?.id).not.toBe(id);
  });

  it('are not linked by an e-mail that is not verified, nor to a protected User', async () => {
    await app.put('/fhir/User/alan', { email: 'alan@example.com' });
    await app.put('/fhir/User/boss', { email: 'boss@example.com', password: 'long enough' });
    const [unverified, verified] = [randomUUID(), randomUUID()];

    profileOf = () => ({ email: 'alan@example.com', email_verified: 'true' });
    await request({ sub: unverified });
    profileOf = () => ({ email: 'boss@example.com', email_verified: true });
    await request({ sub: verified });

    expect((await usersOf(unverified))[0]?.id).not.toBe('alan');
    expect((await usersOf(verified))[0]?.id).not.toBe('boss');
  });

  it('are not linked to a User that a subject of another provider has claimed', async () => {
    await app.put('/fhir/IdentityProvider/elsewhere', { system: 'elsewhere' });
    const identifier = [{ system: 'elsewhere', value: 'squatter' }];
    await app.put('/fhir/User/claimed', { email: 'claimed@example.com', identifier });
    profileOf = () => ({ email: 'claimed@example.com', email_verified: true });
    const owner = randomUUID();

    await request({ sub: owner });

    expect((await usersOf(owner))[0]?.id).not.toBe('claimed');
  });

  it('keep their IdentityProvider as long as an introspector refers to it', async () => {
    const refused = await root('DELETE', '/fhir/IdentityProvider/kc');
    const unused = await root('DELETE', '/fhir/IdentityProvider/elsewhere');

    expect(refused.status).toBe(409);
    expect(refused.text).toContain('TokenIntrospector/i');
    expect(unused.status).toBe(200);
  });

  it('are not linked to a User that was written since it was looked at', async () => {
    await app.put('/fhir/User/joan', { email: 'joan@example.com' });
    const seen = { id: 'joan', versionId: '1' };
    const identifier = { system: 'kc', value: randomUUID() };

    await app.put('/fhir/User/joan', { email: 'joan@example.com', password: 'long enough' });
    const link = app.nest.get(UserProvisioning).addIdentifier(seen, identifier);

    await expect(link).rejects.toBeInstanceOf(VersionConflict);
    await expect(usersOf(identifier.value)).resolves.toEqual([]);
  });

  it('are refused when the User that they are linked to is inactive', async () => {
    await app.put('/fhir/User/left', { email: 'left@example.com', inactive: true });
    profileOf = () => ({ email: 'left@example.com', email_verified: true });

    const replies = [await request({ sub: 'left-sub' }), await request({ sub: 'left-sub' })];

    expect(replies.map(({ status }) => status)).toEqual([401, 401]);
    expect((await usersOf('left-sub')).map(({ id }) => id)).toEqual(['left']);
  });

  it('are still found, but not created, by an inactive IdentityProvider', async () => {
    const known = randomUUID();
    const unknown = randomUUID();
    await request({ sub: known });
    const provider = await root('GET', '/fhir/IdentityProvider/kc');
    const [user] = await usersOf(known);
    await app.put(`/fhir/User/${user?.id}`, { ...user, inactive: true });

    await app.put('/fhir/IdentityProvider/kc', { ...provider.json, active: false });
    const replies = [await request({ sub: known }), await request({ sub: unknown })];
    await app.put('/fhir/IdentityProvider/kc', provider.json);

    expect(replies.map(({ status }) => status)).toEqual([401, 200]);
    await expect(usersOf(unknown)).resolves.toEqual([]);
  });

  it('are not created where they would not be found again', async () => {
    const sub = randomUUID();
    const introspector = await root('GET', '/fhir/TokenIntrospector/i');

    await app.put('/fhir/TokenIntrospector/i', { ...introspector.json, user_resolution: ['sub'] });
    const reply = await request({ sub });
    await app.put('/fhir/TokenIntrospector/i', introspector.json);

    expect(reply.status).toBe(200);
    await expect(usersOf(sub)).resolves.toEqual([]);
  });

  it('are created from what PostgreSQL can hold', async () => {
    const sub = randomUUID();
    profileOf = () => ({ name: 'a\0b\ud800', email: `${'x'.repeat(400)}@example.com` });

    const reply = await request({ sub });

    expect(reply.status).toBe(200);
    const [user] = await usersOf(sub);
    expect(user?.['data']).toMatchObject({ name: 'ab' });
    expect(user).not.toHaveProperty('email');
  });

  it('are created before a request that is then denied', async () => {
    const sub = randomUUID();

    const reply = await app.call('DELETE', '/fhir/User/x', { token: tokenOf({ sub }) });

    expect(reply.status).toBe(403);
    await expect(usersOf(sub)).resolves.toHaveLength(1);
  });

  it('do not become the administrator, or anybody with a password, by naming them', async () => {
    await app.put('/fhir/User/local', { password: 'long enough' });
    await app.put('/fhir/User/trusted', { password: 'long enough' });

    const admin = await request({ sub: 'admin' });
    const boxUser = await request({ box_user: 'local' });
    const trusted = await request({ sub: 'trusted' });

    expect([admin.status, boxUser.status, trusted.status]).toEqual([401, 401, 200]);
    expect(admin.headers.get('www-authenticate')).toContain('invalid_token');
    expect(admin.text).not.toMatch(/protected|password|admin/);
  });

  it('lose access with their next request when they are deactivated', async () => {
    const sub = randomUUID();
    await request({ sub });
    const [user] = await usersOf(sub);
    const before = await request({ sub });

    await app.put(`/fhir/User/${user?.id}`, { ...user, inactive: true });
    const after = await request({ sub });

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it('have the Roles that they hold with the very next request', async () => {
    await app.put('/fhir/User/nurse', {});
    await app.put('/fhir/AccessPolicy/nurses', { engine: 'allow', roleName: 'nurse' });
    const write = () =>
      app.call('PUT', '/fhir/Role/other', {
        token: tokenOf({ sub: 'nurse' }),
        body: { name: 'x', user: { reference: 'User/x' } },
      });

    const without = await write();
    await app.put('/fhir/Role/r', { name: 'nurse', user: { reference: 'User/nurse' } });
    const held = await write();
    await root('DELETE', '/fhir/Role/r');
    const taken = await write();

    expect([without.status, held.status, taken.status]).toEqual([403, 201, 403]);
  });

  it('are given an identifier of an IdentityProvider by administrators only', async () => {
    await app.put('/fhir/IdentityProvider/former', { system: 'former', active: false });
    await app.put('/fhir/User/target', {});
    await app.put('/fhir/User/editor', {});
    await app.put('/fhir/Role/editor', { name: 'editor', user: { reference: 'User/editor' } });
    await app.put('/fhir/AccessPolicy/editors', { engine: 'allow', roleName: 'editor' });
    const token = tokenOf({ sub: 'editor' });
    const write = (identifier: object) =>
      app.call('PUT', '/fhir/User/target', { token, body: { identifier: [identifier] } });

    const ours = await write({ system: 'kc', value: 'stolen' });
    const inactive = await write({ system: 'former', value: 'stolen' });
    const foreign = await write({ system: 'mrn', value: '1' });
    const byAdministrator = await root('PUT', '/fhir/User/target', {
      identifier: [{ system: 'kc', value: 'given' }],
    });
    const unchanged = await write({ system: 'kc', value: 'given' });

    expect([ours, inactive].map(({ status }) => status)).toEqual([403, 403]);
    expect([foreign, byAdministrator, unchanged].map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
    expect(ours.json?.['issue']).toMatchObject([
      { code: 'forbidden', expression: ['User.identifier'] },
    ]);
  });
});
