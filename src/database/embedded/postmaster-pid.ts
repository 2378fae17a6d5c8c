import { constants, open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { processInfo } from './process-info.js';

/** The lock file that a running PostgreSQL keeps in its data folder. */
export interface PostmasterPid {
  readonly pid: number;
  /** `starting`, `ready`, `stopping` or `standby`; absent until the server has got that far. */
  readonly status?: string;
}

/** @returns undefined when the text names no process. */
export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const status = lines[7];
  return status ? { pid, status } : { pid };
}

/** @returns undefined when there is no lock file, or one that names no process. */
export async function readPostmasterPid(folder: string): Promise<PostmasterPid | undefined> {
  try {
    return parsePostmasterPid(await readFile(pidFile(folder), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @returns the id of the PostgreSQL that runs on exactly this data folder, if one does. */
export async function runningPostmaster(folder: string): Promise<number | undefined> {
  const postmaster = await readPostmasterPid(folder);
  if (!postmaster) return undefined;
  const info = await processInfo(postmaster.pid);
  return info && servesFolder(info.command, folder) ? postmaster.pid : undefined;
}

/**
 * Whether a command line is that of a PostgreSQL server that Wardgate started on this data folder.
 *
 * @param command arguments separated by NUL or by spaces
 */
export function servesFolder(command: string, folder: string): boolean {
  if (!command.includes('\0')) return `${command} `.includes(`postgres -D ${folder} `);
  const [program = '', option, value] = command.split('\0');
  return basename(program) === 'postgres' && option === '-D' && value === folder;
}

/**
 * Makes PostgreSQL take over a lock file whose process is a zombie or a stranger with a reused id.
 *
 * PostgreSQL regards its own parent's id as no conflict. Deleting the file instead would also delete
 * the shared memory key by which it notices leftover backends of the dead server.
 */
export async function disownPostmasterPid(folder: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(pidFile(folder), 'utf8');
  } catch {
    return;
  }
  const rest = text.includes('\n') ? text.slice(text.indexOf('\n')) : '\n';
  // The folder belongs to the database account, which must not direct a write of root's elsewhere.
  const file = await open(pidFile(folder), constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    await file.truncate();
    await file.writeFile(`${process.pid}${rest}`);
  } finally {
    await file.close();
  }
}

function pidFile(folder: string): string {
  return join(folder, 'postmaster.pid');
}
