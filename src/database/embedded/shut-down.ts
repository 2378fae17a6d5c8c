import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedDatabaseError } from './embedded-database-error.js';

/** Ever less polite: fast shutdown, immediate shutdown (recovers at the next start), the end. */
const STEPS = [
  { signal: 'SIGINT', patienceMs: 20_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
] as const;
const POLL_MS = 20;

/**
 * Ends a PostgreSQL server and waits until it has gone. Clients are cut off; nothing committed is lost.
 *
 * @throws EmbeddedDatabaseError when it cannot be ended
 */
export async function shutDown(pid: number, isRunning: () => Promise<boolean>): Promise<void> {
  for (const { signal, patienceMs } of STEPS) {
    if (!(await isRunning())) return;
    send(pid, signal);
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += POLL_MS) {
      await delay(POLL_MS);
      if (!(await isRunning())) return;
    }
  }
  throw new EmbeddedDatabaseError(`The PostgreSQL server (process ${pid}) does not end.`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
