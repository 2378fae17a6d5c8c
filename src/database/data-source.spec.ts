import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { dataSourceOptions } from './data-source.js';
import { MIGRATIONS } from './migrations.js';
import { openDatabase } from './open-database.js';

const SERVER = { host: 'db', port: 5433, user: 'u', password: 'p', database: 'd' };

describe('dataSourceOptions', () => {
  it('hands a URL to the driver whole', () => {
    const url = 'postgres://u:p@db/d?sslmode=verify-full';

    expect(dataSourceOptions({ url }, { poolSize: 3 })).toMatchObject({
      poolSize: 3,
      extra: { connectionString: url },
    });
  });

  it('names host, port, login and database of a server', () => {
    expect(dataSourceOptions(SERVER, { poolSize: 3 })).toMatchObject({
      host: 'db',
      port: 5433,
      username: 'u',
      password: 'p',
      database: 'd',
    });
  });

  it('asks for no TLS on a socket, and leaves it to the environment elsewhere', () => {
    expect(dataSourceOptions({ ...SERVER, host: '/run' }, { poolSize: 3 }).ssl).toBe(false);
    expect(dataSourceOptions(SERVER, { poolSize: 3 })).not.toHaveProperty('ssl');
  });

  it('never changes the schema by itself, never logs a query, and bounds every statement', () => {
    expect(dataSourceOptions(SERVER, { poolSize: 3 })).toMatchObject({
      synchronize: false,
      migrationsRun: false,
      logging: false,
      extra: { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 },
    });
  });
});

describe('MIGRATIONS', () => {
  it('lists every file of the folder in order', () => {
    const files = readdirSync(new URL('../../migrations', import.meta.url))
      .filter((name) => name.endsWith('.ts'))
      .sort();

    const times = files.map((name) => name.split('-')[0]);
    expect(MIGRATIONS.map(({ name }) => /\d+$/.exec(name)?.[0])).toEqual(times);
  });
});

describe('openDatabase', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

  it('takes another server as it is', async () => {
    const url = 'postgres://db/d';
    const database = await openDatabase({ kind: 'url', url }, log);

    expect(database.connection).toEqual({ url });
    await expect(database.stop()).resolves.toBeUndefined();
    await expect(openDatabase({ kind: 'server', ...SERVER }, log)).resolves.toMatchObject({
      connection: SERVER,
    });
  });
});
