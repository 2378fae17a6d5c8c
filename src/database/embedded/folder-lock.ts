import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DataFolderInUse } from './embedded-database-error.js';
import { currentHolder, parseHolder, stateOf, type LockHolder } from './lock-holder.js';

/** Keeps every other Wardgate off a data folder until it is released or this process ends. */
export interface FolderLock {
  release(): Promise<void>;
}

const LOCK_NAME = /^wardgate\.lock\.(\d+)$/;
const BEAT_MS = 2_000;
/** A holder that cannot be looked up, being on another machine, is given this long to show a beat. */
const FOREIGN_PATIENCE_MS = 10_000;

/**
 * Takes the lock of a folder, replacing one whose holder has died.
 *
 * Each lock is a file of its own with a higher number than the one before: only one process can make a
 * number, so of several that find the same dead holder one wins. A released lock is an empty file.
 *
 * @param foreignPatienceMs how long a holder in another container may be silent before it counts as dead
 * @throws DataFolderInUse when its holder is alive
 */
export async function lockFolder(
  folder: string,
  foreignPatienceMs = FOREIGN_PATIENCE_MS,
): Promise<FolderLock> {
  const holder = await currentHolder();
  for (;;) {
    const latest = await latestNumber(folder);
    if (latest > 0) await refuseIfHeld(join(folder, lockName(latest)), foreignPatienceMs);
    const path = join(folder, lockName(latest + 1));
    if (await createWhole(path, folder, holder)) {
      await removeOlder(folder, latest + 1);
      return heldLock(path);
    }
  }
}

async function refuseIfHeld(path: string, patienceMs: number): Promise<void> {
  const holder = parseHolder(await readFile(path, 'utf8').catch(emptyWhenGone));
  if (!holder) return;
  const state = await stateOf(holder);
  if (state === 'dead' || (state === 'foreign' && !(await isBeating(path, patienceMs)))) return;
  const where = state === 'foreign' ? ` on ${holder.host}` : '';
  throw new DataFolderInUse(
    `Another Wardgate (process ${holder.pid}${where}) uses the database in ${dirname(path)}. Stop it, ` +
      'choose another WARDGATE_DATA_DIR, or set DATABASE_URL so that both share one server.',
  );
}

/** The content is there from the first moment on: linked, not written in place. */
async function createWhole(path: string, folder: string, holder: LockHolder): Promise<boolean> {
  const draft = join(folder, `.wardgate.lock-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(holder), { mode: 0o644 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function heldLock(path: string): FolderLock {
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    async release(): Promise<void> {
      clearInterval(beat);
      await truncate(path).catch(() => undefined);
    },
  };
}

async function isBeating(path: string, patienceMs: number): Promise<boolean> {
  const before = (await stat(path)).mtimeMs;
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += BEAT_MS / 2) {
    await delay(BEAT_MS / 2);
    if ((await stat(path)).mtimeMs !== before) return true;
  }
  return false;
}

async function latestNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(LOCK_NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

async function removeOlder(folder: string, number: number): Promise<void> {
  const names = await readdir(folder);
  const older = names.filter((name) => Number(LOCK_NAME.exec(name)?.[1] ?? number) < number);
  await Promise.all(older.map((name) => rm(join(folder, name), { force: true })));
}

/** Gone: another process has just taken the next number. Unreadable is something else. */
function emptyWhenGone(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function lockName(number: number): string {
  return `wardgate.lock.${number}`;
}
