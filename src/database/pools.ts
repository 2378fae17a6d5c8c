import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import type { ServerConnection } from './server-connection.js';

/** One reads the change log while another reads what changed. */
const CONFIGURATION_CONNECTIONS = 2;

/**
 * Connections on which the configuration is confirmed and read: were it to wait for one behind requests, these
 * could not be decided for want of it.
 */
export class ConfigurationPool {
  constructor(readonly dataSource: DataSource) {}
}

/** Connections of what may touch many rows, such as searches; statements that take too long are stopped. */
export class WidePool {
  constructor(readonly dataSource: DataSource) {}
}

/** How searches ask the database. */
export interface WidePoolSettings {
  readonly poolSize: number;
  readonly timeoutMs: number;
}

/** Opens the connections for the configuration. */
export async function openConfigurationPool(
  connection: ServerConnection,
): Promise<ConfigurationPool> {
  const options = dataSourceOptions(connection, {
    poolSize: CONFIGURATION_CONNECTIONS,
    applicationName: 'wardgate configuration',
  });
  return new ConfigurationPool(await new DataSource(options).initialize());
}

/** Opens the connections for searches. */
export async function openWidePool(
  connection: ServerConnection,
  { poolSize, timeoutMs }: WidePoolSettings,
): Promise<WidePool> {
  const options = dataSourceOptions(connection, {
    poolSize,
    statementTimeoutMs: timeoutMs,
    applicationName: 'wardgate searches',
  });
  return new WidePool(await new DataSource(options).initialize());
}
