import { execFile } from 'node:child_process';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './embedded-database-error.js';

/** The account PostgreSQL runs under when it cannot be Wardgate's own, which is when that is root. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** What a program started for the database sees: nothing of Wardgate's own environment. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/**
 * Chooses who runs PostgreSQL: for root the owner of the data folder, or `nobody` if there is none yet.
 *
 * @returns undefined when it is Wardgate's own account
 * @throws EmbeddedDatabaseError when the data folder belongs to somebody else
 */
export async function serverAccount(dataFolder: string): Promise<ServerAccount | undefined> {
  const uid = process.getuid?.();
  if (uid === 0) return accountForRoot(dataFolder);
  const owner = await ownerOf(dataFolder);
  if (owner && owner.uid !== uid) {
    throw new EmbeddedDatabaseError(
      `The database in ${dataFolder} belongs to the account with uid ${owner.uid}; start Wardgate ` +
        'under that account (or as root), choose another WARDGATE_DATA_DIR, or set DATABASE_URL.',
    );
  }
  return undefined;
}

/**
 * Whether the account may pass through a folder, or execute a file.
 *
 * @param account undefined for Wardgate's own
 * @throws EmbeddedDatabaseError when this process may not act for the account
 */
export async function accountCanReach(
  account: ServerAccount | undefined,
  path: string,
): Promise<boolean> {
  try {
    if (!account) {
      await access(path, constants.X_OK);
      return true;
    }
    const script = 'test -x "$1"';
    await promisify(execFile)('/bin/sh', ['-c', script, 'sh', path], {
      ...account,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
    });
    return true;
  } catch (error) {
    const { code } = error as { code?: string | number };
    // A number is the answer of the test; a name says that the account could not even be assumed.
    if (!account || typeof code === 'number') return false;
    throw new EmbeddedDatabaseError(
      `PostgreSQL does not run as root, and nothing can be run under uid ${account.uid} here ` +
        `(${code}). Start Wardgate as an ordinary user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** @returns the `nobody` entry of a passwd(5) file, undefined when it has none. */
export function nobodyOf(passwd: string): ServerAccount | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  if (!fields || !Number.isInteger(uid) || !Number.isInteger(gid) || uid === 0) return undefined;
  // macOS writes -2 for what the system calls take as an unsigned number.
  return { uid: uid >>> 0, gid: gid >>> 0 };
}

async function nobody(): Promise<ServerAccount> {
  const account = nobodyOf(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  if (account) return account;
  throw new EmbeddedDatabaseError(
    'PostgreSQL does not run as root and there is no account "nobody" to run it under; start ' +
      'Wardgate as an ordinary user, or set DATABASE_URL.',
  );
}

async function accountForRoot(dataFolder: string): Promise<ServerAccount> {
  // An empty folder that root has made in advance is nobody's database yet.
  const owner = await ownerOf(join(dataFolder, 'PG_VERSION'));
  if (!owner) return nobody();
  if (owner.uid !== 0) return owner;
  throw new EmbeddedDatabaseError(
    `The database in ${dataFolder} belongs to root, and PostgreSQL does not run as root; give it to ` +
      `another account (chown -R nobody '${dataFolder}'), or set DATABASE_URL.`,
  );
}

async function ownerOf(path: string): Promise<ServerAccount | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch {
    return undefined;
  }
}
