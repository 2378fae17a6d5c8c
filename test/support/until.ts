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
