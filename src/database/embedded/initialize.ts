import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SUPERUSER } from './authentication.js';
import type { Binaries } from './binaries.js';
import { makePrivateFolder, type DataFolder } from './data-folder.js';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import { SERVER_ENVIRONMENT } from './server-account.js';

/** A database in the making: this and an id. */
const STAGING = 'postgres.initializing-';

/**
 * Makes a new data folder. It gets its name only when it is complete: what an interrupted attempt left
 * is thrown away and made anew.
 *
 * @throws EmbeddedDatabaseError when initdb fails, with what it said
 */
export async function initialize(binaries: Binaries, folder: DataFolder): Promise<void> {
  await removeInterrupted(folder.parent);
  // Never the same name: the initdb of a process that was killed may still be writing.
  const staging = join(folder.parent, `${STAGING}${randomUUID()}`);
  await makePrivateFolder(staging, folder.account);
  try {
    await promisify(execFile)(binaries.initdb, initdbArguments(staging), {
      ...folder.account,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new EmbeddedDatabaseError(
      `A new database could not be made in ${folder.parent}: ${stderr?.trim() || String(error)}. ` +
        'Set DATABASE_URL to use a server of your own.',
      { cause: error },
    );
  }
  await rename(staging, folder.path);
}

/** Removes a data folder that is there but empty; one that holds anything is left as it is. */
export async function removeEmpty(path: string): Promise<void> {
  await rmdir(path).catch(() => undefined);
}

async function removeInterrupted(parent: string): Promise<void> {
  const left = (await readdir(parent)).filter((name) => name.startsWith(STAGING));
  await Promise.all(
    left.map((name) => rm(join(parent, name), { recursive: true, force: true, maxRetries: 10 })),
  );
}

function initdbArguments(staging: string): string[] {
  return [
    ...['-D', staging, '-U', SUPERUSER, '-E', 'UTF8', '--no-locale', '--data-checksums'],
    ...['--auth-local=peer', '--auth-host=reject', '--no-instructions'],
  ];
}
