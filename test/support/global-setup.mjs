import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureBuilt } from '../../scripts/build.mjs';
import stopTestServer from './global-teardown.mjs';

const BUILT = '../../dist/src/database';

/**
 * Runs once before the e2e specs: compiles, then starts one PostgreSQL for all of them, unless
 * WARDGATE_TEST_DATABASE_URL names an administrator of the server to use. Specs come to it through
 * `createTestDatabase()`.
 */
async function startTestServer() {
  ensureBuilt({ typeErrors: 'warn' });
  const serverUrl = process.env.WARDGATE_TEST_DATABASE_URL ?? (await startServer());
  process.env.WARDGATE_TEST_SERVER_URL = serverUrl;
  process.env.WARDGATE_TEST_TEMPLATE = `wardgate_test_${randomBytes(6).toString('hex')}`;
  try {
    await makeTemplate(serverUrl, process.env.WARDGATE_TEST_TEMPLATE);
  } catch (error) {
    // Jest runs no tear-down after a set-up that failed.
    await stopTestServer();
    throw error;
  }
}

/** Bound to the life of this process, so that nothing is left when Jest is killed. */
async function startServer() {
  const { startEmbeddedPostgres } = await import(`${BUILT}/embedded/embedded-postgres.js`);
  const folder = await mkdtemp(join(tmpdir(), 'wardgate-test-'));
  // Root's database account must be able to pass through.
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  const print = (message) => process.stderr.write(`${message}\n`);
  const log = { info() {}, warn: print, error: print };
  const server = await startEmbeddedPostgres({ dataDir: folder, log });
  // Jest hands nothing from set-up to tear-down but the global object of this process.
  globalThis.wardgateTestServer = { server, folder };

  await query({ ...server.administration }, 'ALTER ROLE wardgate CREATEDB');
  const { host, port, user, database } = server.connection;
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}

/** A migrated database that each spec's own is a copy of, which takes milliseconds. */
async function makeTemplate(serverUrl, template) {
  const { migrate } = await import(`${BUILT}/migrate.js`);
  await query({ connectionString: serverUrl }, `CREATE DATABASE ${template}`);
  const url = new URL(serverUrl.replace('@/', '@socket/'));
  url.pathname = `/${template}`;
  await migrate({ url: url.href.replace('@socket/', '@/') });
}

async function query(options, statement) {
  const client = new pg.Client(options);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export { startTestServer as default };
