import { constants } from 'node:os';

/** A key pressed once under npm arrives twice: from the terminal, and passed on by npm. */
const ECHO_MS = 300;

/**
 * Resolves on the first SIGTERM or SIGINT. A later one ends the process at once, with 128 and the
 * signal's number as its exit status; the embedded database is then shut down by its guard.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve();
        if (performance.now() - firstAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
      });
    }
  });
}
