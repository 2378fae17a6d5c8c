import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EmbeddedLog } from './embedded-log.js';
import type { ServerSettings } from './server-arguments.js';
import { SERVER_ENVIRONMENT } from './server-account.js';

/** Watches over a server on behalf of this process. */
export interface ServerGuard {
  /** Ends the watch; to be called when the server has gone. */
  dismiss(): Promise<void>;
}

/**
 * Waits for the end of its input, which comes when Wardgate ends in whatever way, then asks the server
 * for a fast shutdown, unless another one serves the folder by then.
 */
const SCRIPT = 'cat >/dev/null; read -r pid <"$1" && [ "$pid" = "$2" ] && kill -INT "$2"';

/** Makes sure that a server does not outlive this process, even if that is killed. */
export function guardServer(
  pid: number,
  { folder }: Pick<ServerSettings, 'folder'>,
  log: EmbeddedLog,
): ServerGuard {
  const lockFile = join(folder.path, 'postmaster.pid');
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'wardgate-guard', lockFile, String(pid)], {
    ...folder.account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {
    log.warn('There is no /bin/sh: PostgreSQL would outlive a Wardgate that is killed');
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return {
    async dismiss(): Promise<void> {
      if (guard.pid === undefined || guard.exitCode !== null || guard.signalCode !== null) return;
      guard.ref();
      guard.stdin.end();
      await once(guard, 'exit');
    },
  };
}
