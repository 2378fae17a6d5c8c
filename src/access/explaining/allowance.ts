import { setImmediate as yieldToOthers } from 'node:timers/promises';

const BUDGET_MS = 2_000;
const AT_ONCE_MS = 10;

/** The time that one question may take, and the turns that others get meanwhile. */
export class Allowance {
  private readonly endsAt = performance.now() + BUDGET_MS;
  private turnEndsAt = performance.now() + AT_ONCE_MS;

  /** Whether there is no time left. */
  get isSpent(): boolean {
    return performance.now() >= this.endsAt;
  }

  /** Lets other requests have their turn when this one has worked long enough. */
  async share(): Promise<void> {
    if (performance.now() < this.turnEndsAt) return;
    await yieldToOthers();
    this.turnEndsAt = performance.now() + AT_ONCE_MS;
  }
}
