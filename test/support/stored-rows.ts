import pg from 'pg';
import type { TestApp } from './test-app.js';

/** What an application has stored; where a store stands behind a gateway, what both have. */
export interface StoredRows {
  /** All rows of tables, to be compared with those of another moment. */
  of(tables: readonly string[]): Promise<unknown>;
  /** Changes them behind the back of the application. */
  change(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects to the databases of an application. */
export async function openStoredRows({ database, clinicalDatabase }: TestApp): Promise<StoredRows> {
  const urls = new Set([database.url, clinicalDatabase.url]);
  const clients = [...urls].map((connectionString) => new pg.Client({ connectionString }));
  for (const client of clients) await client.connect();
  return {
    of: async (tables) => {
      const found: unknown[] = [];
      for (const client of clients) {
        for (const table of tables) {
          const query = `SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY 1`;
          found.push([table, (await client.query(query)).rows]);
        }
      }
      return found;
    },
    change: async (statement) => {
      for (const client of clients) await client.query(statement);
    },
    close: async () => {
      for (const client of clients) await client.end();
    },
  };
}
