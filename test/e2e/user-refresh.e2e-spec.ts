import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { MetricsRegistry } from '../../src/metrics/metrics-registry.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';
import { startUserinfo, type Userinfo } from '../support/userinfo.js';

const USERINFO_ISSUER = 'https://userinfo.example';
const TOKEN_ISSUER = 'https://token.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const CREATES = { BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true' };
const REFRESHES = { ...CREATES, WARDGATE_USER_REFRESH_AGE: '1h' };

interface User {
  readonly id: string;
  readonly meta: { readonly versionId: string };
  readonly data: Readonly<Record<string, unknown>>;
  readonly [element: string]: unknown;
}

describe('the refresh of Users that tokens created', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let app: TestApp;
  let other: TestApp;
  let userinfo: Userinfo;

  beforeAll(async () => {
    userinfo = await startUserinfo();
    database = await createTestDatabase();
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    app = await startTestApp(REFRESHES, database);
    other = await startTestApp(REFRESHES, database);
    await app.put('/fhir/IdentityProvider/asked', {
      system: 'asked',
      userinfo_endpoint: userinfo.url,
      toScim: { email: ['email'], given_name: ['name', 'givenName'] },
    });
    await app.put('/fhir/IdentityProvider/read', {
      system: 'read',
      'userinfo-source': 'id-token',
      toScim: { email: ['email'] },
    });
    for (const [id, iss] of [
      ['asked', USERINFO_ISSUER],
      ['read', TOKEN_ISSUER],
    ]) {
      await app.put(`/fhir/TokenIntrospector/${id}`, {
        type: 'jwt',
        jwt: { iss, secret: KEY.pem },
        identity_provider: { reference: `IdentityProvider/${id}` },
      });
    }
    await app.put('/fhir/AccessPolicy/ward-a', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Patient', user: { data: { ward: 'a' } } },
    });
    await app.put('/fhir/AccessPolicy/any-user', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Basic', user: 'present?' },
    });
  });
  beforeEach(() => {
    userinfo.asked = [];
    userinfo.answer = { body: { ward: 'a' } };
  });
  afterAll(async () => {
    await app.stop();
    await other.stop();
    await sql.end();
    await database.drop();
    await userinfo.stop();
  });

  const request = (sub: string, at = app, path = '/fhir/Basic'): Promise<Reply> =>
    at.call('GET', path, { token: signJwt(KEY, { ...accessClaims(USERINFO_ISSUER), sub }) });
  const present = (claims: object, at = app): Promise<Reply> =>
    at.call('GET', '/fhir/Basic', {
      token: signJwt(KEY, { ...accessClaims(TOKEN_ISSUER), ...claims }),
    });
  const userOf = async (sub: string, system = 'asked'): Promise<User> => {
    const reply = await app.call('GET', `/fhir/User?identifier=${system}|${sub}`, { asRoot: true });
    const [entry] = (reply.json?.['entry'] ?? []) as { resource: User }[];
    if (!entry) throw new Error(`Nobody has the identifier ${sub}`);
    return entry.resource;
  };
  /** Makes the User as old as two hours. */
  const age = async ({ id }: User): Promise<void> => {
    await sql.query(
      "UPDATE provisioned_user SET refreshed_at = refreshed_at - interval '2 hours' WHERE user_id = $1",
      [id],
    );
  };
  /** A User that its first request has created. */
  const created = async (): Promise<{ sub: string; user: User }> => {
    const sub = randomUUID();
    await request(sub);
    userinfo.asked = [];
    return { sub, user: await userOf(sub) };
  };

  it('decides by what the provider says now, with the first request after the age', async () => {
    const { sub, user } = await created();
    userinfo.answer = { body: { ward: 'b' } };

    const young = await request(sub, other, '/fhir/Patient');
    await age(user);
    const old = await request(sub, app, '/fhir/Patient');

    expect([young.status, old.status]).toEqual([200, 403]);
    expect((await userOf(sub)).data).toEqual({ sub, ward: 'b' });
  });

  it('asks once over all instances, however many requests there are', async () => {
    const { sub, user } = await created();
    userinfo.answer = { body: { ward: 'b' } };
    await age(user);

    const replies = await Promise.all(
      Array.from({ length: 60 }, (_none, at) => request(sub, at % 2 === 0 ? app : other)),
    );

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(userinfo.asked).toEqual([sub]);
    expect((await userOf(sub)).meta.versionId).toBe('2');
  });

  it('writes no version when nothing has changed', async () => {
    const { sub, user } = await created();
    await age(user);

    await request(sub);

    expect(userinfo.asked).toEqual([sub]);
    expect((await userOf(sub)).meta).toEqual(user.meta);
  });

  it('changes what the provider gave and nothing else', async () => {
    userinfo.answer = { body: { ward: 'a', given_name: 'Ada', email: 'ada@x.example' } };
    const { sub, user } = await created();
    const edited = {
      ...user,
      password: 'long enough',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
    };
    // Written as text, because a number of so many digits is none of JavaScript's.
    const body = JSON.stringify(edited).replace('"ward":', '"local":12345678901234567890,"ward":');
    await app.call('PUT', `/fhir/User/${user.id}`, { asRoot: true, body });
    userinfo.answer = { body: { email: 'ada@y.example', inactive: true, roles: ['chief'] } };
    await age(user);

    await request(sub);

    const raw = await app.call('GET', `/fhir/User/${user.id}`, { asRoot: true });
    const { data, meta, ...rest } = raw.json as unknown as User;
    expect(meta.versionId).toBe('3');
    expect(rest).toMatchObject({
      email: 'ada@y.example',
      name: { familyName: 'Lovelace' },
      identifier: [{ system: 'asked', value: sub }],
    });
    expect(rest['name']).toEqual({ familyName: 'Lovelace' });
    expect(rest).not.toHaveProperty('inactive');
    expect(rest).toHaveProperty('_password');
    expect(Object.keys(data).sort()).toEqual(['email', 'inactive', 'local', 'roles', 'sub']);
    expect(raw.text).toContain('12345678901234567890');
  });

  it.each([
    ['fails', { status: 500, body: { ward: 'b' } }],
    ['speaks of somebody else', { body: { sub: 'somebody', ward: 'b' } }],
  ])('keeps what there is when the endpoint %s, and lets it be', async (_what, answer) => {
    const { sub, user } = await created();
    userinfo.answer = answer;
    await age(user);

    const replies = [await request(sub, app, '/fhir/Patient'), await request(sub, other)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(userinfo.asked).toEqual([sub]);
    expect(await userOf(sub)).toEqual(user);
  });

  it('leaves an e-mail that another User has', async () => {
    userinfo.answer = { body: { email: `${randomUUID()}@x.example` } };
    const { sub, user } = await created();
    await app.put('/fhir/User/owner', { email: 'owner@x.example' });
    userinfo.answer = { body: { email: 'OWNER@x.example', ward: 'c' } };
    await age(user);

    await request(sub);

    expect(await userOf(sub)).toMatchObject({
      email: user['email'],
      data: { email: 'OWNER@x.example', ward: 'c' },
    });
  });

  it('brings nobody back who was deactivated or deleted', async () => {
    const [inactive, gone] = [await created(), await created()];
    await app.put(`/fhir/User/${inactive.user.id}`, { ...inactive.user, inactive: true });
    await age(inactive.user);
    await app.call('DELETE', `/fhir/User/${gone.user.id}`, { asRoot: true });

    const refused = await request(inactive.sub);
    await request(gone.sub);

    expect(refused.status).toBe(401);
    expect(userinfo.asked).toEqual([gone.sub]);
    expect(await userOf(inactive.sub)).toMatchObject({ inactive: true });
    expect((await userOf(gone.sub)).id).not.toBe(gone.user.id);
  });

  it('does not touch Users that the provider did not create', async () => {
    const sub = randomUUID();
    const identifier = [{ system: 'asked', value: sub }];
    await app.put('/fhir/User/by-hand', { identifier, data: { ward: 'a' } });

    const untouched = await request(sub, app, '/fhir/Patient');
    const before = [...userinfo.asked];
    await sql.query("INSERT INTO provisioned_user (user_id, data_keys) VALUES ('by-hand', '{}')");
    await age(await userOf(sub));
    await request(sub, other);

    expect([untouched.status, before, userinfo.asked]).toEqual([200, [], [sub]]);
  });

  it('never describes a User by the token of another subject', async () => {
    const { sub, user } = await created();
    userinfo.answer = { body: { ward: 'mine' } };
    await age(user);
    const claims = { ...accessClaims(USERINFO_ISSUER), sub: 'another', box_user: user.id };

    const reply = await app.call('GET', '/fhir/Basic', { token: signJwt(KEY, claims) });
    const before = [...userinfo.asked];
    await request(sub);

    expect([reply.status, before, userinfo.asked]).toEqual([200, [], [sub]]);
  });

  it('does not happen unless the setting says so, nor for an inactive provider', async () => {
    const [first, second] = [await created(), await created()];
    await age(first.user);
    await age(second.user);
    const never = await startTestApp(CREATES, database);

    await request(first.sub, never);
    const provider = await app.call('GET', '/fhir/IdentityProvider/asked', { asRoot: true });
    await app.put('/fhir/IdentityProvider/asked', { ...provider.json, active: false });
    await request(second.sub);
    const before = [...userinfo.asked];
    await app.put('/fhir/IdentityProvider/asked', provider.json);
    await request(second.sub);
    await never.stop();

    expect(before).toEqual([]);
    expect(userinfo.asked).toEqual([second.sub]);
  });

  it('takes attributes of newer tokens only, where they come from the token', async () => {
    const sub = randomUUID();
    const now = Math.floor(Date.now() / 1000);
    const as = (name: string, iat: number | undefined) => ({ sub, name, iat });
    await present(as('first', now - 50));
    const user = await userOf(sub, 'read');
    const nameAfter = async (claims: object): Promise<unknown> => {
      await age(user);
      const fresh = await startTestApp(REFRESHES, database);
      await present(claims, fresh);
      await fresh.stop();
      return (await userOf(sub, 'read')).data['name'];
    };

    expect(await nameAfter(as('third', now - 10))).toBe('third');
    expect(await nameAfter(as('second', now - 30))).toBe('third');
    expect(await nameAfter(as('undated', undefined))).toBe('third');
    expect(await nameAfter(as('fourth', now - 5))).toBe('fourth');
  });

  it('is counted by provider and outcome', async () => {
    const registry = app.nest.get(MetricsRegistry);
    const text = await registry.getSingleMetricAsString('wardgate_users_provisioned_total');
    const found = [...text.matchAll(/identity_provider="asked",outcome="(\w+)"/g)];

    expect(new Set(found.map(([, outcome]) => outcome))).toEqual(
      new Set(['created', 'refreshed', 'unchanged', 'failed']),
    );
  });
});
