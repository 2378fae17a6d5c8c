import { createApp } from './app.setup.js';
import { ConfigError } from './config/config-error.js';
import { readConfig } from './config/read-config.js';
import { migrate } from './database/migrate.js';
import { openDatabase } from './database/open-database.js';
import { PinoLogger } from './logging/pino-logger.js';
import { printWelcome } from './welcome.js';

/** Reads the configuration, opens and migrates the database, sets up, listens; stops on a signal. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = new PinoLogger(config.runtime.logLevel);
  for (const warning of config.warnings) logger.warn(warning, 'Config');

  const database = await openDatabase(config.database.connection, (line) => {
    logger.log(line, 'Database');
  });
  try {
    await migrate(database.connection);
    const app = await createApp(config, database.connection, logger);
    await app.listen(config.web.port, config.web.host);
    printWelcome(config, app.madeSecrets);
    await Promise.race([signalled(), database.failed.then((why) => logger.fatal(why, 'Database'))]);
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
    const isExplained = error instanceof Error && (error instanceof ConfigError || 'hint' in error);
    process.stderr.write(`${isExplained ? error.message : String((error as Error).stack)}\n`);
    process.exit(1);
  },
);
