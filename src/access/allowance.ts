import { Turns } from './turns.js';

const BUDGET_MS = 2_000;

/** The time that one question may take, and the turns that others get meanwhile. */
export class Allowance {
  private readonly endsAt = performance.now() + BUDGET_MS;
  private readonly turns = new Turns();

  /** Whether there is no time left. */
  get isSpent(): boolean {
    return performance.now() >= this.endsAt;
  }

  /** Lets other requests have their turn when this one has worked long enough. */
  async share(): Promise<void> {
    await this.turns.next();
  }
}
