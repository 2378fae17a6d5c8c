/** More than this do not wait: each may hold a large request. */
const MAX_WAITING = 8;

/** Does one piece of work after the other, and turns away what comes faster than that. */
export class OneAtATime {
  private readonly waiting: (() => Promise<void>)[] = [];
  private isAtWork = false;

  /** @returns false when too many wait already, so that the work is never done. */
  take(work: () => Promise<void>): boolean {
    if (this.waiting.length >= MAX_WAITING) return false;
    this.waiting.push(work);
    if (!this.isAtWork) void this.workOff();
    return true;
  }

  private async workOff(): Promise<void> {
    this.isAtWork = true;
    for (let work = this.waiting.shift(); work; work = this.waiting.shift()) {
      // What fails keeps nothing else from being done; who gave it here knows what to say of it.
      await work().catch(() => undefined);
    }
    this.isAtWork = false;
  }
}
