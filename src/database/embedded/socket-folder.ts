import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makePrivateFolder, type DataFolder } from './data-folder.js';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import { accountCanReach } from './server-account.js';

/** Part of the socket's file name; nothing listens on a port of that number. */
export const SOCKET_PORT = 5432;

/** macOS has room for 103 bytes, Linux for 107 (sun_path in unix(7), without the final NUL). */
const MAX_SOCKET_PATH_BYTES = 103;

/** Names the folder among the temporary files, for administrators and for the start after a crash. */
const RECORD = 'socket-folder';

/** A folder for the server's socket, and how to be rid of it. */
export interface SocketFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes an empty folder for the socket: `run` beside the data folder, or one among the temporary files
 * when that path is longer than a socket's may be.
 *
 * @throws EmbeddedDatabaseError when no folder has a path that is short enough
 */
export async function makeSocketFolder({ parent, account }: DataFolder): Promise<SocketFolder> {
  const beside = join(parent, 'run');
  await removeRecorded(parent);
  // Only this process may start a server here, so whatever socket is left belongs to a dead one.
  await rm(beside, { recursive: true, force: true });
  if (fitsSocket(beside)) {
    await makePrivateFolder(beside, account);
    return removable(beside);
  }
  for (const folder of [tmpdir(), '/tmp', '/var/tmp']) {
    const fits = fitsSocket(join(folder, 'wardgate-XXXXXX'));
    if (!fits || !(await accountCanReach(account, folder))) continue;
    const path = await mkdtemp(join(folder, 'wardgate-'));
    await writeFile(join(parent, RECORD), path);
    if (account) await chown(path, account.uid, account.gid);
    return removable(path);
  }
  throw new EmbeddedDatabaseError(
    `The path ${beside} is too long for a socket and no folder for temporary files is short enough. ` +
      'Choose a shorter WARDGATE_DATA_DIR, or set DATABASE_URL.',
  );
}

/** Whether a socket in this folder has a path that the system accepts. */
export function fitsSocket(folder: string): boolean {
  const socket = join(folder, `.s.PGSQL.${SOCKET_PORT}`);
  return Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES;
}

async function removeRecorded(parent: string): Promise<void> {
  const path = await readFile(join(parent, RECORD), 'utf8').catch(() => '');
  if (basename(path).startsWith('wardgate-')) await rm(path, { recursive: true, force: true });
  await rm(join(parent, RECORD), { force: true });
}

function removable(path: string): SocketFolder {
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
