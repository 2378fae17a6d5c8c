import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const DROP_TRIES = 50;

/** A database of one spec file, with the current schema unless asked otherwise. */
export interface TestDatabase {
  /** As DATABASE_URL takes it, and as `{ url }` of `dataSourceOptions()`. */
  readonly url: string;
  /** Cuts off whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes a database on the server that the e2e project started. Specs call it in `beforeAll` and
 * `drop()` in `afterAll`.
 *
 * @param options.schema `current` (default): a copy of a migrated one; `none`: empty
 */
export async function createTestDatabase(
  options: { readonly schema?: 'current' | 'none' } = {},
): Promise<TestDatabase> {
  const name = `wardgate_test_${randomBytes(6).toString('hex')}`;
  const template = options.schema === 'none' ? 'template0' : required('WARDGATE_TEST_TEMPLATE');
  await query(serverUrl(), `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: urlOf(name),
    drop: async () => {
      const role = await policyRole(name);
      await dropDatabase(name);
      await query(serverUrl(), `DROP ROLE IF EXISTS ${role}`);
    },
  };
}

/** Who may not end the server's own maintenance waits for its end; it takes a moment. */
async function dropDatabase(name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await query(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if (tries === DROP_TRIES || !(error instanceof pg.DatabaseError && error.code === '42501'))
        throw error;
      await delay(100);
    }
  }
}

/** Made by each application for the SQL of policies; roles outlive the database they are for. */
async function policyRole(database: string): Promise<string> {
  const [row] = await query<{ role: string }>(
    serverUrl(),
    `SELECT 'wardgate_policy_' || oid AS role FROM pg_database WHERE datname = '${database}'`,
  );
  return row?.role ?? 'wardgate_policy_none';
}

function urlOf(database: string): string {
  // A URL without host, which names a socket, is no URL for the standard parser.
  const url = new URL(serverUrl().replace('@/', '@socket/'));
  url.pathname = `/${database}`;
  return url.href.replace('@socket/', '@/');
}

async function query<Row extends object>(
  connectionString: string,
  statement: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  return required('WARDGATE_TEST_SERVER_URL');
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run this in the e2e project`);
  return value;
}
