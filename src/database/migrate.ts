import { DataSource, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import type { ServerConnection } from './server-connection.js';

/** Names the lock among all advisory locks of the database; arbitrary, but never to be changed. */
const MIGRATION_LOCK = 7_265_143_108;
const LOCK_PATIENCE_MS = 300_000;

/**
 * Brings the schema up to date. Instances that start together take turns; each migration is one
 * transaction, so that a failing one leaves nothing behind.
 *
 * @returns the names of the migrations that ran, oldest first
 */
export async function migrate(connection: ServerConnection): Promise<readonly string[]> {
  return underLock(connection, async (dataSource) => {
    const migrations = await dataSource.runMigrations({ transaction: 'each' });
    return migrations.map(({ name }) => name);
  });
}

/** Takes back the latest migration, for tests and for administrators who go back a version. */
export async function revertLatestMigration(connection: ServerConnection): Promise<void> {
  await underLock(connection, (dataSource) =>
    dataSource.undoLastMigration({ transaction: 'each' }),
  );
}

async function underLock<T>(
  connection: ServerConnection,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  // Two connections: one holds the lock, the other migrates, for as long as that takes.
  const options = dataSourceOptions(connection, {
    poolSize: 2,
    statementTimeoutMs: 0,
    applicationName: 'wardgate migrations',
  });
  const dataSource = await new DataSource(options).initialize();
  try {
    const holder = dataSource.createQueryRunner();
    await lock(holder);
    try {
      return await work(dataSource);
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await holder.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function lock(holder: QueryRunner): Promise<void> {
  await holder.query(`SET lock_timeout = ${LOCK_PATIENCE_MS}`);
  await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
}
