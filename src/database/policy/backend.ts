import pg, { type ClientBase, type ClientConfig } from 'pg';

/** The process of the server that serves one connection. */
export interface Backend {
  readonly pid: number;
  /** When it began, because ids of processes come again. */
  readonly since: string;
}

const PATIENCE_MS = 2_000;

/** Which process serves the connection. */
export async function backendOf(client: ClientBase): Promise<Backend | undefined> {
  const { rows } = await client.query<Backend>(
    `SELECT pid, backend_start::pg_catalog.text AS since
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`,
  );
  return rows[0];
}

/**
 * Whether the server still works on what the connection was given, asked on another connection.
 *
 * @returns true also when the server cannot be asked.
 */
export async function isAtWork({ pid, since }: Backend, login: ClientConfig): Promise<boolean> {
  const client = new pg.Client({
    ...login,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `SELECT FROM pg_catalog.pg_stat_activity
        WHERE pid = $1 AND backend_start::pg_catalog.text = $2 AND state = 'active'`,
      [pid, since],
    );
    return rowCount !== 0;
  } catch {
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
