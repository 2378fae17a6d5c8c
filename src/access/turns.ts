import { setImmediate as yieldToOthers } from 'node:timers/promises';

const TURN_MS = 10;

/** Lets other requests be served while one works through many things, such as all policies. */
export class Turns {
  private endsAt: number;

  /** @param now milliseconds of a clock */
  constructor(private readonly now = () => performance.now()) {
    this.endsAt = now() + TURN_MS;
  }

  /** To be awaited after each thing; resolves after others had their turn when this one has worked long enough. */
  async next(): Promise<void> {
    if (this.now() < this.endsAt) return;
    await yieldToOthers();
    this.endsAt = this.now() + TURN_MS;
  }
}
