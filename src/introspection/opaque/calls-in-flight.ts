/** An introspector has as many calls in flight as it may; the message is for the log. */
export class TooManyCalls extends Error {
  constructor() {
    super('Too many calls are in flight');
  }
}

/**
 * Calls that are under way: one for all who ask the same at the same time, and no more at once per
 * owner than `maxPerOwner`, so that a flood of different questions holds neither memory nor sockets.
 */
export class CallsInFlight<T> {
  private readonly running = new Map<string, Promise<T>>();
  /** Owners are as many as there are introspectors. */
  private readonly perOwner = new Map<string, number>();

  constructor(private readonly maxPerOwner: number) {}

  /**
   * The outcome of the call that answers `key`, which begins unless it is under way.
   *
   * @throws TooManyCalls when it would be one too many for its owner.
   */
  async once(key: string, owner: string, call: () => Promise<T>): Promise<T> {
    const running = this.running.get(key);
    if (running) return running;
    const count = this.countOf(owner);
    if (count >= this.maxPerOwner) throw new TooManyCalls();
    this.perOwner.set(owner, count + 1);
    const started = call().finally(() => {
      this.release(owner);
      if (this.running.get(key) === started) this.running.delete(key);
    });
    this.running.set(key, started);
    return started;
  }

  /** Lets nobody join the calls that are under way; they go on for those who wait for them. */
  abandon(): void {
    this.running.clear();
  }

  private release(owner: string): void {
    this.perOwner.set(owner, this.countOf(owner) - 1);
  }

  private countOf(owner: string): number {
    return this.perOwner.get(owner) ?? 0;
  }
}
