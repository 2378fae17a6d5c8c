import type { ClientConfig } from 'pg';
import type { ServerConnection } from './server-connection.js';

/** Options of the `pg` driver for a connection beside the pool, such as the one that listens. */
export function driverOptions(connection: ServerConnection): ClientConfig {
  if ('url' in connection) return { connectionString: connection.url };
  const { host, port, user, password, database } = connection;
  return { host, port, user, database, ...(password === undefined ? {} : { password }) };
}
