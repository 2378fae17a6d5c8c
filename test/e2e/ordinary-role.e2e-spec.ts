import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate, revertLatestMigration } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const NAME = `wardgate_test_${randomBytes(6).toString('hex')}`;
const PASSWORD = randomBytes(12).toString('hex');

/** What a managed PostgreSQL gives: a role that owns its database and may nothing else. */
describe('an ordinary role', () => {
  let maker: TestDatabase;
  let admin: pg.Client;
  let url: string;

  beforeAll(async () => {
    maker = await createTestDatabase({ schema: 'none' });
    admin = new pg.Client({ connectionString: maker.url });
    await admin.connect();
    await admin.query(
      `CREATE ROLE ${NAME} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
         PASSWORD '${PASSWORD}'`,
    );
    await admin.query(`GRANT ${NAME} TO CURRENT_USER`);
    await admin.query(`CREATE DATABASE ${NAME} TEMPLATE template0 OWNER ${NAME}`);
    url = asOrdinary(maker.url);
  });
  afterAll(async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${NAME}`);
    await admin.end();
    await maker.drop();
  });

  it('has none of the rights that would hide a need for them', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT rolname AS name, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication AS more,
              (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
         FROM pg_roles r WHERE rolname = current_user`,
    );
    await client.end();

    expect(rows).toEqual([{ name: NAME, more: false, memberships: 0 }]);
  });

  it('migrates, serves, and takes every migration back', async () => {
    await expect(migrate({ url })).resolves.toEqual(MIGRATIONS.map(({ name }) => name));

    const app = await startTestApp({}, { url, drop: () => Promise.resolve() });
    try {
      await expect(serves(app)).resolves.toEqual(['ordinary']);
    } finally {
      await app.stop();
    }

    for (let left = MIGRATIONS.length; left > 0; left -= 1) await revertLatestMigration({ url });
    await expect(migrate({ url })).resolves.toHaveLength(MIGRATIONS.length);
  });
});

/** Writes configuration and a resource. @returns the ids of those that a search finds */
async function serves(app: TestApp): Promise<readonly string[]> {
  await app.put('/fhir/Role/r', { name: 'r', user: { reference: 'User/u' } });
  const patient = { resourceType: 'Patient', id: 'ordinary', gender: 'other' };
  await app.put('/fhir/Patient/ordinary', patient);
  await app.put('/fhir/Patient/ordinary', { ...patient, birthDate: '2000-01-01' });
  const path = '/fhir/Patient?gender=other&birthdate=2000';
  const { json } = await app.call('GET', path, { asRoot: true });
  const entries = json?.['entry'] as { resource: { id: string } }[];
  return entries.map(({ resource }) => resource.id);
}

/** The same server, as the role of this test. */
function asOrdinary(url: string): string {
  // A URL without host, which names a socket, is no URL for the standard parser.
  const parsed = new URL(url.replace(/@\//, '@socket/'));
  parsed.username = NAME;
  parsed.password = PASSWORD;
  parsed.pathname = `/${NAME}`;
  return parsed.href.replace('@socket/', '@/');
}
