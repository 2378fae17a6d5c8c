import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';
import { startUserinfo, type Userinfo } from '../support/userinfo.js';

const ISSUER = 'https://userinfo.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const ENV = {
  BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true',
  WARDGATE_USER_REFRESH_AGE: '1h',
  WARDGATE_IDP_TIMEOUT: '1m',
};

interface User {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('a refresh that takes its time', () => {
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
    app = await startTestApp(ENV, database);
    other = await startTestApp(ENV, database);
    await app.put('/fhir/IdentityProvider/asked', {
      system: 'asked',
      userinfo_endpoint: userinfo.url,
    });
    await app.put('/fhir/TokenIntrospector/asked', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
      identity_provider: { reference: 'IdentityProvider/asked' },
    });
    await app.put('/fhir/AccessPolicy/any-user', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Basic', user: 'present?' },
    });
    await app.put('/fhir/AccessPolicy/of-the-issuer', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Patient', jwt: { iss: ISSUER } },
    });
  });
  afterAll(async () => {
    await app.stop();
    await other.stop();
    await sql.end();
    await database.drop();
    await userinfo.stop();
  });

  const request = (sub: string, at = app, path = '/fhir/Basic'): Promise<Reply> =>
    at.call('GET', path, { token: signJwt(KEY, { ...accessClaims(ISSUER), sub }) });
  const userOf = async (sub: string): Promise<User> => {
    const reply = await app.call('GET', `/fhir/User?identifier=asked|${sub}`, { asRoot: true });
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
  /** A User whose refresh has begun with a request that is answered once the provider does. */
  const refreshing = async (path?: string) => {
    const sub = randomUUID();
    userinfo.answer = { body: { ward: 'a' } };
    await request(sub);
    const user = await userOf(sub);
    await age(user);
    userinfo.asked = [];
    let answer = (): void => undefined;
    const after = new Promise<void>((resolve) => (answer = resolve));
    userinfo.answer = { body: { ward: 'a' }, after };
    const reply = request(sub, app, path);
    while (userinfo.asked.length === 0) await setTimeout(10);
    return { sub, user, reply, answer };
  };

  it('is dropped when somebody has asked again meanwhile', async () => {
    const { sub, user, reply, answer } = await refreshing();
    userinfo.answer = { body: { ward: 'b', floor: 2 } };
    await age(user);
    await request(sub, other);

    answer();
    await reply;
    const kept = (await userOf(sub)).data;
    userinfo.answer = { body: { ward: 'c' } };
    await age(user);
    const third = await startTestApp(ENV, database);
    await request(sub, third);
    await third.stop();

    expect(kept).toEqual({ sub, ward: 'b', floor: 2 });
    expect((await userOf(sub)).data).toEqual({ sub, ward: 'c' });
  });

  it('lets nobody in who was deactivated meanwhile', async () => {
    const { user, reply, answer } = await refreshing('/fhir/Patient');
    await app.put(`/fhir/User/${user.id}`, { ...user, inactive: true });

    answer();

    expect((await reply).status).toBe(401);
  });

  it('is of nobody once the User was deleted, and of no other who has the id then', async () => {
    const { sub, user, reply, answer } = await refreshing();
    await app.call('DELETE', `/fhir/User/${user.id}`, { asRoot: true });
    await app.put(`/fhir/User/${user.id}`, {
      identifier: [{ system: 'asked', value: sub }],
      data: { ward: 'by hand' },
    });

    answer();

    expect((await reply).status).toBe(200);
    expect((await userOf(sub)).data).toEqual({ ward: 'by hand' });
  });
});
