import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { basic, freePort, ROOT_SECRET } from './test-app.js';

const MAIN = join(import.meta.dirname, '../../dist/src/main.js');

/** A Wardgate in a process of its own, as an operator runs it. */
export interface WardgateProcess {
  readonly baseUrl: string;
  readonly port: number;
  readonly pid: number;
  /** What it has written so far. */
  readonly said: { stdout: string; stderr: string };
  /** Resolves with its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** As the root Client. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
}

/** Starts the built program and waits for nothing. */
export async function spawnWardgate(
  env: Readonly<Record<string, string>>,
): Promise<WardgateProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      BOX_WEB_HOST: '127.0.0.1',
      BOX_WEB_PORT: String(port),
      ...env,
    },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    baseUrl,
    port,
    pid: child.pid ?? 0,
    said,
    ended: endOf(child),
    signal: (name) => void child.kill(name),
    call: (method, path, body) =>
      fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          authorization: basic('root', env['BOX_ROOT_CLIENT_SECRET'] ?? ROOT_SECRET),
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** Starts the built program; resolves when it serves. Fails with what it said when it ends before. */
export async function startWardgate(
  env: Readonly<Record<string, string>>,
): Promise<WardgateProcess> {
  const wardgate = await spawnWardgate({
    BOX_ROOT_CLIENT_SECRET: ROOT_SECRET,
    BOX_ADMIN_PASSWORD: 'admin-password-of-the-tests',
    ...env,
  });
  const outcome: { end?: number | string } = {};
  void wardgate.ended.then((end) => (outcome.end = end));
  // The welcome comes when it listens.
  while (!wardgate.said.stdout.includes('listens')) {
    if (outcome.end !== undefined) throw new Error(`It did not start: ${wardgate.said.stderr}`);
    await delay(10);
  }
  return wardgate;
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return status ?? signal ?? 'unknown';
}
