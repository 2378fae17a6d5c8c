import { setTimeout as delay } from 'node:timers/promises';
import { APPLICATION, SUPERUSER, writeAuthentication } from './authentication.js';
import { findBinaries } from './binaries.js';
import { exists, placeDataFolder, requireVersion, type DataFolder } from './data-folder.js';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import type { EmbeddedLog } from './embedded-log.js';
import { lockFolder } from './folder-lock.js';
import { initialize, removeEmpty } from './initialize.js';
import { disownPostmasterPid, readPostmasterPid, runningPostmaster } from './postmaster-pid.js';
import { provision, socketConnection, type SocketConnection } from './provision.js';
import type { ServerSettings } from './server-arguments.js';
import { startServer, type ServerProcess } from './server-process.js';
import { shutDown } from './shut-down.js';
import { makeSocketFolder } from './socket-folder.js';

/** Where the embedded database is kept and where it reports. */
export interface EmbeddedPostgresOptions {
  /** Wardgate's data folder; the database becomes `postgres` in it. Made when missing. */
  readonly dataDir: string;
  readonly log: EmbeddedLog;
}

/** A PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /** Wardgate's own login; not a superuser. */
  readonly connection: SocketConnection;
  /** The superuser, for administration and tests only. */
  readonly administration: SocketConnection;
  /** Resolves with a sentence if the server ends without `stop()`; the process should then end too. */
  readonly failed: Promise<string>;
  /** Fast shutdown: clients are cut off, nothing committed is lost. Calling it again is harmless. */
  stop(): Promise<void>;
}

/** Leftover backends of a server that was killed end by themselves within moments. */
const LEFTOVER_ATTEMPTS = 20;
const LEFTOVER_DELAY_MS = 250;

/**
 * Starts the PostgreSQL that comes with Wardgate on a data folder, making the database at first. It is
 * reached over a socket only, survives `kill -9` of this process without losing a committed write, and
 * does not outlive this process (docs/database.md).
 *
 * @throws EmbeddedDatabaseError when that is not possible here; DataFolderInUse when another process
 *   uses the folder
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    requirePlatform();
    const folder = await placeDataFolder(options.dataDir, options.log);
    const lock = await lockFolder(folder.parent);
    try {
      return await startLocked(folder, options.log, () => lock.release());
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new EmbeddedDatabaseError(
      `The embedded database cannot be used in ${options.dataDir}: ${message}. Choose another ` +
        'WARDGATE_DATA_DIR, or set DATABASE_URL.',
      { cause: error },
    );
  }
}

async function startLocked(
  folder: DataFolder,
  log: EmbeddedLog,
  release: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(folder.account, log);
  await endOrphan(folder.path, log);
  await removeEmpty(folder.path);
  if (!(await exists(folder.path))) {
    log.info(`Making a new database in ${folder.path}`);
    await initialize(binaries, folder);
  }
  await requireVersion(folder.path, binaries.majorVersion);
  const socket = await makeSocketFolder(folder);
  const authentication = await writeAuthentication(folder.parent);
  const settings = { binaries, folder, socketFolder: socket.path, authentication };
  const server = await startBesideLeftovers(settings, log);
  const stop = async (): Promise<void> => {
    await server.stop();
    await socket.remove();
    await release();
  };
  try {
    await provision(socket.path);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info(`The embedded PostgreSQL serves ${folder.path} on the socket in ${socket.path}`);
  return {
    connection: socketConnection(socket.path, APPLICATION, APPLICATION),
    administration: socketConnection(socket.path, SUPERUSER, 'postgres'),
    failed: server.failed,
    stop: once(stop),
  };
}

/** Stops the server of a Wardgate that was killed; we hold the lock, so nobody else uses it. */
async function endOrphan(path: string, log: EmbeddedLog): Promise<void> {
  const orphan = await runningPostmaster(path);
  if (orphan !== undefined) {
    log.warn(`Stopping the PostgreSQL (process ${orphan}) that an earlier Wardgate left running`);
    await shutDown(orphan, async () => (await runningPostmaster(path)) === orphan);
    return;
  }
  const stale = await readPostmasterPid(path);
  if (stale) await disownPostmasterPid(path);
}

async function startBesideLeftovers(
  settings: ServerSettings,
  log: EmbeddedLog,
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startServer(settings, log);
    } catch (error) {
      const isLeftover = error instanceof Error && error.message.includes('shared memory block');
      if (!isLeftover || attempt === LEFTOVER_ATTEMPTS) throw error;
      await delay(LEFTOVER_DELAY_MS);
    }
  }
}

function requirePlatform(): void {
  if (process.platform !== 'win32') return;
  throw new EmbeddedDatabaseError(
    'The embedded database needs Unix sockets, which Node.js lacks on Windows. Set DATABASE_URL, or ' +
      'run Wardgate in the Windows Subsystem for Linux.',
  );
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
