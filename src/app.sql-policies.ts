import {
  Global,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { AppConfig } from './config/app-config.js';
import { PolicyDatabase } from './database/policy/policy-database.js';
import type { ServerConnection } from './database/server-connection.js';
import { PostgresParser } from './resources/access-policy/sql/postgres-parser.js';

/** What policies with `engine: sql` are parsed with and evaluated on. */
@Global()
@Module({})
export class SqlPoliciesModule implements OnApplicationShutdown {
  constructor(private readonly database: PolicyDatabase) {}

  static from({ database }: AppConfig, connection: ServerConnection): DynamicModule {
    return {
      module: SqlPoliciesModule,
      providers: [
        { provide: PolicyDatabase, useFactory: () => open(database.policies, connection) },
        { provide: PostgresParser, useFactory: () => PostgresParser.load() },
      ],
      exports: [PolicyDatabase, PostgresParser],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

async function open(
  options: AppConfig['database']['policies'],
  connection: ServerConnection,
): Promise<PolicyDatabase> {
  const logger = new Logger('SqlPolicy');
  const database = await PolicyDatabase.open(connection, {
    ...options,
    warn: (message) => {
      logger.warn(message);
    },
  });
  if (database.unavailable !== undefined) {
    logger.warn(
      `Policies with engine sql are refused, and stored ones count as false: ${database.unavailable}. ` +
        'Set BOX_DB_POLICY_URL to offer them.',
    );
  }
  return database;
}
