import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';

const REPLICA_URL = process.env['WARDGATE_TEST_REPLICA_URL'];

/** Needs a physical replica of the server of `WARDGATE_TEST_DATABASE_URL`, as its superuser. */
(REPLICA_URL === undefined ? describe.skip : describe)('searches on a replica', () => {
  let database: TestDatabase;
  let replica: pg.Client;
  let app: TestApp;
  let written = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = new URL(REPLICA_URL ?? '');
    url.pathname = new URL(database.url).pathname;
    replica = await connected(url.href);
    app = await startTestApp(
      { DATABASE_REPLICA_URL: url.href, WARDGATE_REPLICA_PATIENCE: '5s' },
      database,
    );
  });
  afterAll(async () => {
    await replica.query('SELECT pg_wal_replay_resume()').catch(() => undefined);
    await replica.end();
    await app.stop();
    await database.drop();
  });

  const write = async (): Promise<string> => {
    written += 1;
    const id = `replicated-${written}`;
    await app.put(`/fhir/Patient/${id}`, {
      resourceType: 'Patient',
      id,
      identifier: [{ system: 'urn:replica', value: id }],
    });
    return id;
  };
  const found = async (id: string, on = app): Promise<readonly string[]> => {
    const { json } = await on.call('GET', `/fhir/Patient?identifier=urn:replica|${id}`, {
      asRoot: true,
    });
    const entries = (json?.['entry'] ?? []) as { resource: { id: string } }[];
    return entries.map(({ resource }) => resource.id);
  };
  /** When Wardgate last searched on the replica. */
  const lastSearch = async (): Promise<string | undefined> => {
    const { rows } = await replica.query<{ at: string }>(
      `SELECT max(state_change)::text AS at FROM pg_stat_activity
        WHERE application_name = 'wardgate replica' AND datname = current_database()`,
    );
    return rows[0]?.at;
  };
  const pause = async (): Promise<void> => {
    await replica.query('SELECT pg_wal_replay_pause()');
    await eventually(async () => {
      const { rows } = await replica.query<{ state: string }>(
        'SELECT pg_get_wal_replay_pause_state() AS state',
      );
      return rows[0]?.state === 'paused';
    });
  };

  it('find on the replica what was written before', async () => {
    const id = await write();
    const before = await lastSearch();

    await expect(found(id)).resolves.toEqual([id]);
    expect(await lastSearch()).not.toBe(before);
  });

  it('find it on the primary while the replica lacks it', async () => {
    const impatient = await startTestApp(
      { DATABASE_REPLICA_URL: replicaUrl(database), WARDGATE_REPLICA_PATIENCE: '0s' },
      database,
    );
    await pause();
    try {
      const id = await write();

      const { rows } = await replica.query('SELECT FROM clinical_resource WHERE id = $1', [id]);
      expect(rows).toEqual([]);
      await expect(found(id, impatient)).resolves.toEqual([id]);
      expect((await app.call('GET', `/fhir/Patient/${id}`, { asRoot: true })).status).toBe(200);
    } finally {
      await replica.query('SELECT pg_wal_replay_resume()');
      await impatient.stop();
    }
  });

  it.each([
    ['nobody listens', 'postgres://wardgate@127.0.0.1:1/x'],
    ['there is another database', () => REPLICA_URL ?? ''],
    ['there is the primary itself', () => database.url],
  ])('go to the primary where %s', async (_case, url) => {
    const env = { DATABASE_REPLICA_URL: typeof url === 'string' ? url : url() };
    const other = await startTestApp(env, database);
    try {
      const id = await write();

      await expect(found(id, other)).resolves.toEqual([id]);
    } finally {
      await other.stop();
    }
  });

  it('are refused by the replica as by the primary', async () => {
    const reply = await app.call('GET', '/fhir/Patient?nonsense=1', { asRoot: true });

    expect(reply.status).toBe(400);
  });
});

function replicaUrl(database: TestDatabase): string {
  const url = new URL(REPLICA_URL ?? '');
  url.pathname = new URL(database.url).pathname;
  return url.href;
}

/** Connects once the database has come to the replica, too. */
async function connected(connectionString: string): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === '3D000')) throw error;
    }
  }
}
