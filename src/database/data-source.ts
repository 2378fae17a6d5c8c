import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations.js';
import type { ServerConnection } from './server-connection.js';
import { closingWhenSilent } from './silent-connection.js';

/** The part of TypeORM's options that is about PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

type Credentials = Pick<
  PostgresOptions,
  'host' | 'port' | 'username' | 'password' | 'database' | 'ssl'
>;

/** What differs between the pools of one process. */
export interface PoolSettings {
  /** Most connections that are open at once. */
  readonly poolSize: number;
  /** A statement that takes longer is cancelled by the server; 0 means never. Default 30,000. */
  readonly statementTimeoutMs?: number;
  /** The name that pg_stat_activity shows. Default `wardgate`. */
  readonly applicationName?: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
/** What the answer to a cancelled statement may take on its way before the connection counts as lost. */
const ANSWER_PATIENCE_MS = 5_000;

/**
 * TypeORM's options for Wardgate's database. The schema is changed by migrations only, which
 * `migrate()` runs; opening a data source never does.
 */
export function dataSourceOptions(
  connection: ServerConnection,
  settings: PoolSettings,
): PostgresOptions {
  const statementTimeoutMs = settings.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    type: 'postgres',
    ...credentials(connection),
    applicationName: settings.applicationName ?? 'wardgate',
    poolSize: settings.poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    migrations: [...MIGRATIONS],
    migrationsTableName: 'schema_migration',
    migrationsRun: false,
    synchronize: false,
    installExtensions: false,
    // Queries carry what callers sent; none of it belongs into a log.
    logging: false,
    extra: {
      ...('url' in connection ? { connectionString: connection.url } : {}),
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      ...(statementTimeoutMs > 0
        ? { stream: closingWhenSilent(statementTimeoutMs + ANSWER_PATIENCE_MS) }
        : {}),
    },
  };
}

function credentials(connection: ServerConnection): Partial<Credentials> {
  // A URL goes to the driver whole: TypeORM's own reading of it knows no sockets and no sslmode.
  if ('url' in connection) return {};
  const { host, port, user, password, database } = connection;
  return {
    host,
    port,
    username: user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(host.startsWith('/') ? { ssl: false } : {}),
  };
}
