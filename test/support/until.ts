import { setTimeout as delay } from 'node:timers/promises';
import type { Reply } from './test-app.js';

/** Asks until the answer has the status; fails when it never does. */
export async function until(expected: number, ask: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 0; tries < 500; tries += 1) {
    const reply = await ask();
    if (reply.status === expected) return reply;
    await delay(20);
  }
  throw new Error(`It never answered ${expected}`);
}

/** Waits until something is so; fails when it is not within the time. */
export async function eventually(isSo: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It was never so within ${withinMs} ms`);
    await delay(50);
  }
}
