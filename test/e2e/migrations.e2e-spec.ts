import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { migrate, revertLatestMigration } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const NAMES = MIGRATIONS.map(({ name }) => name);

async function tablesOf(url: string): Promise<string[]> {
  const rows = await queryOn<{ name: string }>(
    url,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  return rows.map(({ name }) => name).filter((name) => name !== 'schema_migration');
}

async function queryOn<Row>(url: string, statement: string): Promise<Row[]> {
  const dataSource = await new DataSource(dataSourceOptions({ url }, { poolSize: 2 })).initialize();
  try {
    return await dataSource.query(statement);
  } finally {
    await dataSource.destroy();
  }
}

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ schema: 'none' });
  });
  afterAll(async () => {
    await database.drop();
  });

  it('runs every migration once when two instances start together', async () => {
    const { url } = database;

    const runs = await Promise.all([migrate({ url }), migrate({ url })]);

    expect(runs.flat()).toEqual(NAMES);
  });

  it('starts the revision at zero and keeps it to one row', async () => {
    const { url } = database;
    const revisions = await queryOn(url, 'SELECT id, revision FROM configuration_revision');

    expect(revisions).toEqual([{ id: 1, revision: '0' }]);
    await expect(queryOn(url, 'INSERT INTO configuration_revision VALUES (2, 0)')).rejects.toThrow(
      'configuration_revision_id_ck',
    );
  });

  it('takes every migration back and runs it again', async () => {
    const { url } = database;

    for (let left = NAMES.length; left > 0; left -= 1) await revertLatestMigration({ url });
    await expect(tablesOf(url)).resolves.toEqual([]);

    await expect(migrate({ url })).resolves.toEqual(NAMES);
  });
});

describe('dataSourceOptions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('finds the current schema in the copy that a spec gets', async () => {
    await expect(tablesOf(database.url)).resolves.toContain('configuration_revision');
  });

  it('cancels a statement that takes longer than the timeout', async () => {
    const options = dataSourceOptions(database, { poolSize: 2, statementTimeoutMs: 50 });
    const dataSource = await new DataSource(options).initialize();

    await expect(dataSource.query('SELECT pg_sleep(60)')).rejects.toThrow('statement timeout');
    await expect(dataSource.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);

    await dataSource.destroy();
  });
});
