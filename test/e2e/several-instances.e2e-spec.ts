import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { watchStalls } from '../support/stalls.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

jest.setTimeout(60_000);

/** The bound of spec §10. */
const BOUND_MS = 1000;
const ISSUER = 'https://issuer.example';

let database: TestDatabase;
let admin: pg.Client;
let apps: readonly [TestApp, TestApp, TestApp];

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.url, application_name: 'test' });
  await admin.connect();
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => startTestApp({}, database)));
  if (!first || !second || !third) throw new Error('Three instances are needed');
  apps = [first, second, third];
});
afterAll(async () => {
  for (const app of apps) await app.stop();
  await admin.end();
  await database.drop();
});

/**
 * How long, in ms, it takes until every instance but the first answers as expected; without the time in which
 * nothing could run here, because the machine was busy with others.
 */
async function untilGoverned(
  ask: (app: TestApp) => Promise<Reply>,
  expected: number,
): Promise<number> {
  const writtenAt = performance.now();
  const stalledMs = watchStalls();
  try {
    for (const app of apps.slice(1)) await answering(() => ask(app), expected, writtenAt);
    return performance.now() - writtenAt - stalledMs();
  } finally {
    stalledMs();
  }
}

async function answering(
  ask: () => Promise<Reply>,
  expected: number,
  since: number,
): Promise<void> {
  while ((await ask()).status !== expected) {
    if (performance.now() - since > 20 * BOUND_MS) throw new Error('It never did');
    await delay(5);
  }
}

async function cutListeners(): Promise<number> {
  const { rows } = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
  );
  return rows.length;
}

const introspector = (id: string, secret: string): object => ({
  resourceType: 'TokenIntrospector',
  id,
  type: 'jwt',
  jwt: { iss: `${ISSUER}/${id}`, secret },
});
const token = (id: string, secret: string): string =>
  signJwt(secretKey(secret), { ...accessClaims(`${ISSUER}/${id}`), sub: id });
const read =
  (bearer: string) =>
  (app: TestApp): Promise<Reply> =>
    app.call('GET', '/fhir/Basic', { token: bearer });

/** A token, accepted by an introspector, of a User who may read by the role that a policy names. */
async function makeReader(id: string): Promise<string> {
  const [app] = apps;
  await app.put(`/fhir/TokenIntrospector/${id}`, introspector(id, `secret of ${id}`));
  await app.put(`/fhir/User/${id}`, { resourceType: 'User', id });
  await app.put(`/fhir/Role/${id}`, { name: id, user: { reference: `User/${id}` } });
  await app.put(`/fhir/AccessPolicy/${id}`, {
    engine: 'matcho',
    roleName: id,
    matcho: { uri: '#^/fhir/Basic' },
  });
  return token(id, `secret of ${id}`);
}

describe('instances that start together on one database', () => {
  it('make the first administrators once', async () => {
    const { rows } = await admin.query('SELECT resource_type, id FROM first_start ORDER BY 1');

    expect(rows).toEqual([
      { resource_type: 'Client', id: 'root' },
      { resource_type: 'User', id: 'admin' },
    ]);
    const history = await apps[1].call('GET', '/fhir/Client/root/_history', { asRoot: true });
    expect(history.json).toMatchObject({ total: 1 });
  });
});

describe('a write on one instance governs the others within a second', () => {
  it('for introspector, user, role and policy together', async () => {
    const bearer = await makeReader('all');

    expect(await untilGoverned(read(bearer), 200)).toBeLessThan(BOUND_MS);
  });

  it.each([
    ['AccessPolicy', 403],
    ['Role', 403],
    ['TokenIntrospector', 401],
  ])('when the %s is deleted', async (type, denied) => {
    const id = `del-${type.toLowerCase()}`;
    const bearer = await makeReader(id);
    await untilGoverned(read(bearer), 200);

    await apps[0].call('DELETE', `/fhir/${type}/${id}`, { asRoot: true });

    expect(await untilGoverned(read(bearer), denied)).toBeLessThan(BOUND_MS);
  });

  it('when an introspector is deactivated, and activated again', async () => {
    const bearer = await makeReader('paused');
    await untilGoverned(read(bearer), 200);
    const path = '/fhir/TokenIntrospector/paused';
    const resource = introspector('paused', 'secret of paused');

    await apps[0].put(path, { ...resource, active: false });
    expect(await untilGoverned(read(bearer), 401)).toBeLessThan(BOUND_MS);

    await apps[0].put(path, resource);
    expect(await untilGoverned(read(bearer), 200)).toBeLessThan(BOUND_MS);
  });

  it('when an introspector gets another secret: remembered tokens of the old one are out', async () => {
    const bearer = await makeReader('rekeyed');
    await untilGoverned(read(bearer), 200);

    await apps[0].put('/fhir/TokenIntrospector/rekeyed', introspector('rekeyed', 'other'));

    expect(await untilGoverned(read(bearer), 401)).toBeLessThan(BOUND_MS);
    expect((await read(token('rekeyed', 'other'))(apps[1])).status).toBe(200);
    expect((await read(token('rekeyed', 'other'))(apps[2])).status).toBe(200);
  });

  it('when a User becomes inactive', async () => {
    const bearer = await makeReader('leaver');
    await untilGoverned(read(bearer), 200);

    await apps[0].put('/fhir/User/leaver', { resourceType: 'User', id: 'leaver', inactive: true });

    expect(await untilGoverned(read(bearer), 401)).toBeLessThan(BOUND_MS);
  });

  it('when a Client gets another secret', async () => {
    const client = (secret: string): object => ({ secret, grant_types: ['basic'] });
    const call = (secret: string) => (app: TestApp) =>
      app.call('GET', '/fhir/Basic', { headers: { authorization: basic('caller', secret) } });
    await apps[0].put('/fhir/Client/caller', client('first-secret'));
    await untilGoverned(call('first-secret'), 403);

    await apps[0].put('/fhir/Client/caller', client('other-secret'));

    expect(await untilGoverned(call('first-secret'), 401)).toBeLessThan(BOUND_MS);
    expect((await call('other-secret')(apps[1])).status).toBe(403);
  });

  it('when every notification is lost', async () => {
    const bearer = await makeReader('unheard');
    await untilGoverned(read(bearer), 200);
    expect(await cutListeners()).toBe(apps.length);

    await apps[0].call('DELETE', '/fhir/AccessPolicy/unheard', { asRoot: true });

    expect(await untilGoverned(read(bearer), 403)).toBeLessThan(BOUND_MS);
  });

  it('when so much was missed that the log does not hold it any more', async () => {
    const bearer = await makeReader('pruned');
    await untilGoverned(read(bearer), 200);

    await admin.query(
      `WITH gone AS (DELETE FROM access_policy WHERE id = 'pruned')
       UPDATE configuration_revision SET revision = revision + 1000`,
    );

    expect(await untilGoverned(read(bearer), 403)).toBeLessThan(BOUND_MS);
  });
});

describe('an instance', () => {
  it('listens again after its connection was cut', async () => {
    await cutListeners();
    const listening = async (): Promise<number> => {
      const { rows } = await admin.query<{ count: string }>(
        `SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
      );
      return Number(rows[0]?.count);
    };

    while ((await listening()) < apps.length) await delay(50);

    await expect(listening()).resolves.toBe(apps.length);
  });

  it('gives concurrent writes of one resource gapless versions, whichever instance takes them', async () => {
    const writes = Array.from({ length: 30 }, (_, index) =>
      apps[index % 3 === 0 ? 0 : index % 3 === 1 ? 1 : 2].put('/fhir/Role/shared', {
        name: `n${index}`,
        user: { reference: 'User/u1' },
      }),
    );

    const versions = (await Promise.all(writes)).map(({ headers }) => headers.get('etag'));

    const expected = writes.map((_, index) => `W/"${index + 1}"`);
    expect([...versions].sort()).toEqual([...expected].sort());
  });

  it('creates a brought id once, whichever instance is asked', async () => {
    const body = { id: 'once', name: 'n', user: { reference: 'User/u1' } };

    const replies = await Promise.all(
      apps.map((app) => app.call('POST', '/fhir/Role', { body, asRoot: true })),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});
