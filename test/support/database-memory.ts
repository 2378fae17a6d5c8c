import pg from 'pg';
import type { SocketConnection } from '../../src/database/embedded/provision.js';

/** Reads what `remember()` has stored: `[{ word }]`. */
export const recalled = 'SELECT word FROM memory';

/** Runs one statement on a connection of its own. */
export async function query(connection: SocketConnection, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Commits a word that a later start of the same database must still know. */
export async function remember(connection: SocketConnection, word: string): Promise<void> {
  await query(connection, `CREATE TABLE memory AS SELECT '${word}' AS word`);
}
