import type { DatabaseConnection } from '../config/app-config.js';
import type { EmbeddedLog } from './embedded/embedded-log.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import type { ServerConnection } from './server-connection.js';

/** A database that can be connected to, whoever runs its server. */
export interface OpenDatabase {
  readonly connection: ServerConnection;
  /** Resolves with a sentence if the embedded server ends by itself; never for another server. */
  readonly failed: Promise<string>;
  /** Stops the embedded server; to be called when all connections are closed. */
  stop(): Promise<void>;
}

/**
 * Makes the configured database available: starts the embedded one, takes any other as it is.
 *
 * @throws EmbeddedDatabaseError when the embedded one cannot be used, with what to do about it
 */
export async function openDatabase(
  configured: DatabaseConnection,
  log: EmbeddedLog,
): Promise<OpenDatabase> {
  switch (configured.kind) {
    case 'embedded':
      return startEmbeddedPostgres({ dataDir: configured.dataDir, log });
    case 'url':
      return elsewhere({ url: configured.url });
    case 'server':
      return elsewhere(configured);
  }
}

function elsewhere(connection: ServerConnection): OpenDatabase {
  return { connection, failed: new Promise(() => undefined), stop: () => Promise.resolve() };
}
