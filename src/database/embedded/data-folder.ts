import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, readFile, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SHARED_FOLDER } from './binaries.js';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import type { EmbeddedLog } from './embedded-log.js';
import { accountCanReach, serverAccount, type ServerAccount } from './server-account.js';

/** Where the database lives and who runs it. */
export interface DataFolder {
  /** Absolute, free of links; PostgreSQL's own folder, which may not exist yet. */
  readonly path: string;
  /** The folder around it: lock, sockets and a database in the making are here. */
  readonly parent: string;
  readonly account: ServerAccount | undefined;
}

/**
 * Decides where the database of a Wardgate data folder lives.
 *
 * That is `<dataDir>/postgres`. When root runs Wardgate and the database account cannot reach that
 * folder, it becomes a link to a place the account can reach, so that it is found there ever after.
 *
 * @throws EmbeddedDatabaseError when the folder cannot be used
 */
export async function placeDataFolder(dataDir: string, log: EmbeddedLog): Promise<DataFolder> {
  await mkdir(resolve(dataDir), {
    recursive: true,
    mode: process.getuid?.() === 0 ? 0o711 : 0o700,
  });
  const home = await realpath(dataDir);
  const placed = await existingPlace(join(home, 'postgres'));
  const path = placed ?? join(home, 'postgres');
  const account = await serverAccount(path);
  if (await accountCanReach(account, dirname(path))) {
    return { path, parent: dirname(path), account };
  }
  if (placed && (await exists(placed))) throw unreachable(placed);
  const parent = placed ? dirname(placed) : await relocate(home, log);
  await mkdir(parent, { recursive: true, mode: 0o711 });
  return { path: join(parent, 'postgres'), parent, account };
}

/** @throws EmbeddedDatabaseError when the folder was made by another major version of PostgreSQL */
export async function requireVersion(path: string, majorVersion: number): Promise<void> {
  const version = await readFile(join(path, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new EmbeddedDatabaseError(
      `${path} is not a PostgreSQL data folder (it has no PG_VERSION). Move it away, choose another ` +
        'WARDGATE_DATA_DIR, or set DATABASE_URL.',
    );
  }
  if (Number(version) === majorVersion) return;
  throw new EmbeddedDatabaseError(
    `${path} holds a database of PostgreSQL ${version.trim()}, and this Wardgate brings version ` +
      `${majorVersion}. Dump it with the Wardgate that made it and restore it into a new ` +
      'WARDGATE_DATA_DIR (docs/database.md, "Another PostgreSQL version"), or set DATABASE_URL.',
  );
}

/** Makes a folder that only the account (and root) may enter. */
export async function makePrivateFolder(
  path: string,
  account: ServerAccount | undefined,
): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
}

/** Whether anything is at this path. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function relocate(home: string, log: EmbeddedLog): Promise<string> {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const parent = join(SHARED_FOLDER, name);
  const link = join(home, 'postgres');
  await symlink(join(parent, 'postgres'), link);
  log.warn(`The database account cannot reach ${home}; the database lives in ${parent} (${link})`);
  return parent;
}

/** Follows the link even while what it points to does not exist. */
async function existingPlace(path: string): Promise<string | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (!info) return undefined;
  if (!info.isSymbolicLink()) return path;
  return realpath(path).catch(async () => resolve(dirname(path), await readlink(path)));
}

function unreachable(path: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The account that owns the database in ${path} cannot reach that folder: a folder above it is ` +
      'closed. Open it for passing through (chmod o+x), move the data, or set DATABASE_URL.',
  );
}
