import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedDatabaseError } from './embedded-database-error.js';
import type { EmbeddedLog } from './embedded-log.js';
import { guardServer } from './server-guard.js';
import { serverArguments, type ServerSettings } from './server-arguments.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { SERVER_ENVIRONMENT } from './server-account.js';
import { shutDown } from './shut-down.js';

/** A PostgreSQL server that accepts connections. */
export interface ServerProcess {
  /** Fast shutdown; resolves when the server has gone. Calling it again is harmless. */
  stop(): Promise<void>;
  /** Resolves with a sentence when the server ends without having been stopped. */
  readonly failed: Promise<string>;
}

/** Recovery after a crash replays the log, which may take its time. */
const START_PATIENCE_MS = 300_000;
const POLL_MS = 10;
const REMEMBERED_LINES = 20;

/**
 * Starts PostgreSQL and waits until it accepts connections.
 *
 * @throws EmbeddedDatabaseError when it ends before that, with what it said last
 */
export async function startServer(
  settings: ServerSettings,
  log: EmbeddedLog,
): Promise<ServerProcess> {
  const server = spawnServer(settings);
  const said = listen(server, log);
  let stopping = false;
  const failed = new Promise<string>((resolve) => {
    server.once('exit', (code, signal) => {
      if (!stopping) resolve(`PostgreSQL ended unexpectedly (${signal ?? `status ${code}`})`);
    });
  });
  const isRunning = (): boolean => server.exitCode === null && server.signalCode === null;
  const stop = async (): Promise<void> => {
    stopping = true;
    if (server.pid !== undefined) await shutDown(server.pid, () => Promise.resolve(isRunning()));
    await guard?.dismiss();
  };

  await once(server, 'spawn');
  const guard = server.pid === undefined ? undefined : guardServer(server.pid, settings, log);
  try {
    await waitUntilReady(server, settings.folder.path, isRunning);
  } catch (error) {
    await stop();
    throw new EmbeddedDatabaseError(`PostgreSQL does not start: ${said.join(' ')}`, {
      cause: error,
    });
  }
  letGo(server);
  return { stop, failed };
}

function spawnServer(settings: ServerSettings): ChildProcess {
  // In a session of its own: Ctrl-C in the terminal is for Wardgate, which then stops the server last.
  return spawn(settings.binaries.postgres, serverArguments(settings), {
    ...settings.folder.account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** @returns the last lines the server wrote, kept up to date. */
function listen(server: ChildProcess, log: EmbeddedLog): string[] {
  const lines: string[] = [];
  if (!server.stderr) return lines;
  createInterface({ input: server.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > REMEMBERED_LINES) lines.shift();
    if (/^(WARNING|PANIC):/.test(line)) log.warn(`PostgreSQL: ${line}`);
  });
  return lines;
}

async function waitUntilReady(
  server: ChildProcess,
  folder: string,
  isRunning: () => boolean,
): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (Date.now() < deadline) {
    if (!isRunning()) throw new Error('It ended.');
    const postmaster = await readPostmasterPid(folder);
    if (postmaster?.pid === server.pid && postmaster?.status === 'ready') return;
    await delay(POLL_MS);
  }
  throw new Error(`It is not ready after ${START_PATIENCE_MS} ms.`);
}

/** A program that is done may end although the server still runs; the guard then stops the server. */
function letGo(server: ChildProcess): void {
  server.unref();
  const { stderr } = server as { stderr: { unref?: () => void } | null };
  stderr?.unref?.();
}
