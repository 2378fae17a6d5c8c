import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runningPostmaster } from '../../src/database/embedded/postmaster-pid.js';
import type { SocketConnection } from '../../src/database/embedded/provision.js';

const PROGRAM = join(import.meta.dirname, 'embedded-holder.mjs');

/** Another process that runs an embedded database, to be killed. */
export interface DatabaseHolder {
  readonly connection: SocketConnection;
  readonly pid: number;
  /** Ends it without any chance to clean up. */
  kill(): Promise<void>;
}

/** Starts such a process and does not wait for its database. */
export function beginHolding(dataDir: string): Pick<DatabaseHolder, 'kill'> {
  const holder = fork(PROGRAM, [dataDir], { execArgv: [], stdio: 'inherit' });
  return { kill: () => kill(holder) };
}

/** @throws Error with name and message of the refusal when the database does not start there */
export async function holdDatabase(dataDir: string): Promise<DatabaseHolder> {
  const holder = fork(PROGRAM, [dataDir], { execArgv: [], stdio: 'inherit' });
  const [outcome] = (await once(holder, 'message')) as [
    { readonly connection?: SocketConnection; readonly refused?: string },
  ];
  if (!outcome.connection || holder.pid === undefined) {
    await kill(holder);
    throw new Error(outcome.refused);
  }
  return { connection: outcome.connection, pid: holder.pid, kill: () => kill(holder) };
}

/** Everything of a killed Wardgate that could still run: its server and the guard. */
export async function killWithChildren(holder: DatabaseHolder): Promise<void> {
  const children = await childrenOf(holder.pid);
  for (const pid of children) process.kill(pid, 'SIGKILL');
  await holder.kill();
}

/** The ids of a process's children: the server and its guard. */
export async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(async () => {
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)]);
    return stdout;
  });
  return list.trim().split(/\s+/).map(Number);
}

/** Resolves when no server runs on this PostgreSQL data folder any more. */
export async function untilEnded(folder: string): Promise<void> {
  while ((await runningPostmaster(folder)) !== undefined) await delay(20);
}

/** Resolves when initdb has begun to write a new database. */
export async function untilInTheMaking(dataDir: string): Promise<void> {
  const isBegun = (name: string): boolean => /^postgres\.initializing-.*PG_VERSION$/.test(name);
  for (;;) {
    const names = await readdir(dataDir, { recursive: true }).catch(() => []);
    if (names.some(isBegun)) return;
    await delay(5);
  }
}

async function kill(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}
