import { setImmediate as yieldToOthers } from 'node:timers/promises';

const STEPS_AT_ONCE = 50;

/** Lets other requests have their turn now and then; for every step of work that a large Bundle makes long. */
export async function yieldInBetween(step: number): Promise<void> {
  if (step % STEPS_AT_ONCE === STEPS_AT_ONCE - 1) await yieldToOthers();
}
