import { performance } from 'node:perf_hooks';

const TICK_MS = 10;

/**
 * Measures how long this process could not run while it had something to do: what a test and the servers in its
 * process are late by on a machine that is busy with others.
 *
 * @returns ends the measurement and tells the sum, in ms
 */
export function watchStalls(): () => number {
  let stalledMs = 0;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    stalledMs += Math.max(0, now - last - 2 * TICK_MS);
    last = now;
  };
  const timer = setInterval(tick, TICK_MS);
  return () => {
    clearInterval(timer);
    tick();
    return stalledMs;
  };
}
