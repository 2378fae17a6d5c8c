import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres.js';
import { runningPostmaster } from '../../src/database/embedded/postmaster-pid.js';
import {
  beginHolding,
  childrenOf,
  holdDatabase,
  killWithChildren,
  untilEnded,
  untilInTheMaking,
  type DatabaseHolder,
} from '../support/database-holder.js';
import { isRoot, makeHome } from '../support/database-home.js';
import { query, recalled, remember } from '../support/database-memory.js';

jest.setTimeout(60_000);

/** A database that was made once; making one takes longer than all that most specs do with it. */
let seed: string;
let home: string;
let dataDir: string;
let warnings: string[] = [];
let ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  seed = await makeHome();
  await (await start(seed)).stop();
});
afterAll(async () => {
  await rm(seed, { recursive: true, force: true });
});

beforeEach(async () => {
  home = await makeHome();
  dataDir = join(home, 'data');
  warnings = [];
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  // The initdb of a killed process may still be writing.
  await rm(home, { recursive: true, force: true, maxRetries: 20 });
});

async function copySeed(): Promise<void> {
  await promisify(execFile)('cp', ['-a', seed, dataDir]);
}

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const warn = (message: string): number => warnings.push(message);
  const log = { info: () => undefined, warn, error: warn };
  const server = await startEmbeddedPostgres({ dataDir: folder, log });
  ends.push(() => server.stop());
  return server;
}

async function hold(): Promise<DatabaseHolder> {
  const holder = await holdDatabase(dataDir);
  ends.push(async () => {
    await holder.kill();
    await untilEnded(join(dataDir, 'postgres'));
  });
  return holder;
}

describe('the embedded database', () => {
  beforeEach(copySeed);

  it('is made at the first start and keeps its data over the next', async () => {
    await rm(dataDir, { recursive: true });
    const first = await start();
    await remember(first.connection, 'kept');
    await first.stop();

    const second = await start();

    await expect(query(second.connection, recalled)).resolves.toEqual([{ word: 'kept' }]);
    expect(warnings).toEqual([]);
  });

  it('stores durably, with checksums and in UTF-8', async () => {
    const { connection } = await start();

    await expect(
      query(
        connection,
        `SELECT current_setting('fsync') AS fsync, current_setting('data_checksums') AS checksums,
                current_setting('server_encoding') AS encoding,
                current_setting('listen_addresses') AS addresses`,
      ),
    ).resolves.toEqual([{ fsync: 'on', checksums: 'on', encoding: 'UTF8', addresses: '' }]);
  });

  it('gives Wardgate a login that may make roles and is no superuser', async () => {
    const { connection } = await start();

    await expect(
      query(
        connection,
        'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user',
      ),
    ).resolves.toEqual([{ rolsuper: false, rolcreaterole: true }]);
  });

  it('asks every other login for a password', async () => {
    const { connection } = await start();
    await query(connection, `CREATE ROLE reader LOGIN PASSWORD 'a-password'`);
    const reader = { ...connection, user: 'reader' };

    await expect(query(reader, 'SELECT 1')).rejects.toThrow('password');
    await expect(query({ ...reader, ...{ password: 'wrong' } }, 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    const known = { ...reader, ...{ password: 'a-password' } };
    await expect(query(known, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it('refuses a second process on the same folder, until the first has stopped', async () => {
    const first = await start();

    await expect(hold()).rejects.toThrow(
      `DataFolderInUse: Another Wardgate (process ${process.pid})`,
    );
    await expect(query(first.connection, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    await first.stop();

    await expect(hold()).resolves.toMatchObject({ connection: first.connection });
  });

  it('says so when the server ends by itself', async () => {
    const { administration, failed } = await start();
    const pid = await runningPostmaster(join(dataDir, 'postgres'));
    await expect(query(administration, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);

    process.kill(pid ?? NaN, 'SIGQUIT');

    await expect(failed).resolves.toContain('PostgreSQL ended unexpectedly');
  });
});

describe('after kill -9 of the process that holds it, the embedded database', () => {
  beforeEach(copySeed);

  it('ends by itself', async () => {
    const holder = await hold();
    const folder = join(dataDir, 'postgres');
    await expect(runningPostmaster(folder)).resolves.toBeGreaterThan(0);

    await holder.kill();

    await untilEnded(folder);
    await expect(runningPostmaster(folder)).resolves.toBeUndefined();
  });

  it('is there at once for the next start, with every committed row', async () => {
    const holder = await hold();
    await remember(holder.connection, 'committed');
    await holder.kill();

    const next = await start();

    await expect(query(next.connection, recalled)).resolves.toEqual([{ word: 'committed' }]);
  });

  it('is stopped and started anew when it was left running', async () => {
    const holder = await hold();
    await remember(holder.connection, 'orphaned');
    const orphan = await runningPostmaster(join(dataDir, 'postgres'));
    const guard = (await childrenOf(holder.pid)).find((pid) => pid !== orphan);
    process.kill(guard ?? NaN, 'SIGKILL');
    await holder.kill();
    await expect(runningPostmaster(join(dataDir, 'postgres'))).resolves.toBe(orphan);

    const next = await start();

    expect(warnings).toEqual([expect.stringContaining(`process ${orphan}`)]);
    await expect(query(next.connection, recalled)).resolves.toEqual([{ word: 'orphaned' }]);
  });

  it('recovers when it was killed too', async () => {
    const holder = await hold();
    await remember(holder.connection, 'recovered');
    await killWithChildren(holder);

    const next = await start();

    await expect(query(next.connection, recalled)).resolves.toEqual([{ word: 'recovered' }]);
  });

  it('starts although its process id belongs to another program by then, which is left alone', async () => {
    const holder = await hold();
    await remember(holder.connection, 'recovered');
    await killWithChildren(holder);
    const stranger = spawn('sleep', ['600']);
    ends.push(async () => void stranger.kill());
    const lockFile = join(dataDir, 'postgres', 'postmaster.pid');
    const lock = await readFile(lockFile, 'utf8');
    await writeFile(lockFile, lock.replace(/^\d+/, String(stranger.pid)));

    const next = await start();

    await expect(query(next.connection, recalled)).resolves.toEqual([{ word: 'recovered' }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe('an embedded database that is not whole', () => {
  it('is made anew when making it was interrupted', async () => {
    const staging = join(dataDir, 'postgres.initializing-1');
    await mkdir(join(staging, 'base'), { recursive: true });
    await writeFile(join(staging, 'PG_VERSION'), '18\n');

    const { connection } = await start();

    await expect(query(connection, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    await expect(readdir(dataDir)).resolves.not.toContain('postgres.initializing-1');
  });

  it('is made anew while what a killed process began is still going on', async () => {
    const holder = beginHolding(dataDir);
    await untilInTheMaking(dataDir);
    await holder.kill();

    const { connection } = await start();

    await expect(query(connection, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it('is made in a folder that is there but empty', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });

    await expect(start()).resolves.toBeDefined();
  });

  it('is refused and left as it is when the folder holds something else', async () => {
    const note = join(dataDir, 'postgres', 'note.txt');
    await mkdir(dirname(note), { recursive: true });
    await writeFile(note, 'mine');

    await expect(start()).rejects.toThrow('is not a PostgreSQL data folder');
    await expect(readFile(note, 'utf8')).resolves.toBe('mine');
  });

  it('is refused when another major version made it', async () => {
    await copySeed();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');

    await expect(start()).rejects.toThrow('holds a database of PostgreSQL 17');
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');

    await expect(start()).resolves.toBeDefined();
  });
});

describe('the place of the embedded database', () => {
  it('may have a path that is too long for a socket, and any characters', async () => {
    const { connection, stop } = await start(join(home, 'x'.repeat(120), `a "b", 'c' d`));

    await expect(query(connection, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    expect(connection.host.startsWith(home)).toBe(false);

    await stop();
    await expect(readFile(connection.host)).rejects.toThrow('ENOENT');
  });

  if (isRoot) {
    it('is elsewhere when the account that runs it cannot reach the folder, and found there again', async () => {
      await chmod(home, 0o700);
      const first = await start();
      const place = dirname(await realpath(join(dataDir, 'postgres')));
      ends.unshift(() => rm(place, { recursive: true }));
      await remember(first.connection, 'elsewhere');
      await first.stop();
      expect(warnings).toEqual([expect.stringContaining(`lives in ${place}`)]);

      await chmod(home, 0o711);
      const second = await start();

      await expect(query(second.connection, recalled)).resolves.toEqual([{ word: 'elsewhere' }]);
    });
  }
});
