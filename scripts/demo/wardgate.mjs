import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../install.mjs';
import { freePort } from './free-port.mjs';

/** The demo neither uses nor changes what the environment configures for another Wardgate. */
const NOT_INHERITED = /^(AIDBOX_|BOX_|WARDGATE_|DATABASE_URL$|REDIS_URL$)/;

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts Wardgate on a free port, with an embedded database in a temporary folder.
 *
 * @param keep takes what must be stopped, as soon as there is something to stop
 * @throws when it does not become ready; the message ends with what it printed
 */
export async function startWardgate(keep) {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardgate-demo-'));
  // Root's database account must be able to pass through.
  if (process.getuid?.() === 0) await chmod(dataDir, 0o711);
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const rootSecret = randomBytes(24).toString('base64url');
  const child = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited(),
      BOX_WEB_HOST: '127.0.0.1',
      BOX_WEB_PORT: String(port),
      BOX_WEB_BASE_URL: baseUrl,
      BOX_ROOT_CLIENT_SECRET: rootSecret,
      BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true',
      WARDGATE_DATA_DIR: dataDir,
      WARDGATE_LOG_LEVEL: 'warn',
    },
  });
  keep({ stop: () => stop(child, dataDir) });
  await ready(child, baseUrl);
  return { baseUrl, rootSecret };
}

function inherited() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)),
  );
}

async function ready(child, baseUrl) {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      printed = `${printed}${text}`.slice(-4000);
    });
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const isReady = await globalThis.fetch(`${baseUrl}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error(`Wardgate did not start:\n${printed}`);
}

async function stop(child, dataDir) {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const cut = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(cut);
  }
  await rm(dataDir, { recursive: true, force: true });
}
