import { createApp } from './app.setup.js';
import { ConfigError } from './config/config-error.js';
import { readConfig } from './config/read-config.js';
import { EmbeddedDatabaseError } from './database/embedded/embedded-database-error.js';
import { migrate } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import { PinoLogger } from './logging/pino-logger.js';
import { printWelcome } from './welcome.js';

/** Reads the configuration, opens and migrates the database, sets up, listens; stops on a signal. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = new PinoLogger(config.runtime.logLevel);
  for (const warning of config.warnings) logger.warn(warning, 'Config');

  const stopRequested = signalled();
  const database = await openDatabase(config.database.connection, {
    info: (message) => logger.log(message, 'Database'),
    warn: (message) => logger.warn(message, 'Database'),
    error: (message) => logger.error(message, 'Database'),
  });
  try {
    await migrate(database.connection);
    const app = await createApp(config, database.connection, logger);
    await app.listen(config.web.port, config.web.host);
    printWelcome(config, app.madeSecrets, process.stdout.isTTY);
    await Promise.race([
      stopRequested,
      database.failed.then((why) => logger.fatal(why, 'Database')),
    ]);
    await app.stop(config.runtime.shutdownGraceMs);
  } finally {
    await database.stop();
    await logger.flush();
  }
}

/** Resolves on the first SIGTERM or SIGINT; a second one ends the process at once, as usual. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);

/** What an operator can act on is said in a sentence; anything else keeps its stack. */
function explain(error: unknown): string {
  const isExplained = error instanceof ConfigError || error instanceof EmbeddedDatabaseError;
  if (isExplained) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
