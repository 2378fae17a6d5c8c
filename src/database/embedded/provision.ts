import pg from 'pg';
import { APPLICATION, SUPERUSER } from './authentication.js';
import { SOCKET_PORT } from './socket-folder.js';

/** How to reach the embedded server: options of `pg`, which takes a folder as host for a socket. */
export interface SocketConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The connection of one role over the socket in this folder. */
export function socketConnection(
  socketFolder: string,
  user: string,
  database: string,
): SocketConnection {
  return { host: socketFolder, port: SOCKET_PORT, user, database };
}

/** Makes Wardgate's login and database where they are missing. */
export async function provision(socketFolder: string): Promise<void> {
  const client = new pg.Client({
    ...socketConnection(socketFolder, SUPERUSER, 'postgres'),
    ssl: false,
  });
  await client.connect();
  try {
    if (await isMissing(client, 'SELECT FROM pg_roles WHERE rolname = $1')) {
      await client.query(`CREATE ROLE ${APPLICATION} LOGIN CREATEROLE`);
    }
    if (await isMissing(client, 'SELECT FROM pg_database WHERE datname = $1')) {
      await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
    }
  } finally {
    await client.end();
  }
}

async function isMissing(client: pg.Client, query: string): Promise<boolean> {
  const { rowCount } = await client.query(query, [APPLICATION]);
  return rowCount === 0;
}
