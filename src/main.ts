import { createApp, type App } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { readConfig } from './config/read-config.js';
import { EmbeddedDatabaseError } from './database/embedded/embedded-database-error.js';
import { migrate } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import type { ServerConnection } from './database/server-connection.js';
import { explainFailure } from './explain-failure.js';
import { PinoLogger } from './logging/pino-logger.js';
import { stopSignal } from './stop-signal.js';
import { printWelcome } from './welcome.js';

/** Reads the configuration, opens and migrates the database, sets up, listens; stops on a signal. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = new PinoLogger(config.runtime.logLevel);
  for (const warning of config.warnings) logger.warn(warning, 'Config');

  const stopRequested = stopSignal();
  const database = await openDatabase(config.database.connection, {
    info: (message) => logger.log(message, 'Database'),
    warn: (message) => logger.warn(message, 'Database'),
    error: (message) => logger.error(message, 'Database'),
  });
  const databaseFailed = database.failed.then((why) => {
    throw new EmbeddedDatabaseError(why);
  });
  try {
    const endRequested = Promise.race([stopRequested, databaseFailed]);
    // Asked to stop while it starts, it is not waited for: whatever it was doing is rolled back.
    const app = await Promise.race([start(config, database.connection, logger), endRequested]);
    if (app) await serve(app, config, endRequested);
  } finally {
    await database.stop();
    await logger.flush();
  }
}

async function start(
  config: AppConfig,
  connection: ServerConnection,
  logger: PinoLogger,
): Promise<App> {
  await migrate(connection);
  return createApp(config, connection, logger);
}

async function serve(app: App, config: AppConfig, endRequested: Promise<void>): Promise<void> {
  try {
    await app.listen(config.web.port, config.web.host);
    printWelcome(config, app.madeSecrets, process.stdout.isTTY);
    await endRequested;
  } finally {
    await app.stop(config.runtime.shutdownGraceMs);
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exit(1);
  },
);
