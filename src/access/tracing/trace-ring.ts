import type { DecisionTrace } from './decision-trace.js';

/**
 * The latest traces, bounded by number and by memory: the oldest make room.
 *
 * Adding is an assignment; nothing is filed, since few are ever looked for.
 */
export class TraceRing {
  private readonly slots: (DecisionTrace | undefined)[] = [];
  /** Number of the next trace, and of the oldest that is still there. */
  private next = 0;
  private oldest = 0;
  private bytes = 0;

  /**
   * @param count of traces
   * @param maxBytes that they take together, as they were counted
   */
  constructor(
    private readonly count: number,
    private readonly maxBytes: number,
  ) {}

  add(trace: DecisionTrace): void {
    if (this.count === 0) return;
    this.bytes += trace.bytes;
    while (this.next - this.oldest >= this.count || this.isTooLarge()) this.drop();
    this.slots[this.next % this.count] = trace;
    this.next += 1;
  }

  /** Latest first. */
  *latest(): Generator<DecisionTrace> {
    for (let at = this.next - 1; at >= this.oldest; at -= 1) {
      const trace = this.slots[at % this.count];
      if (trace) yield trace;
    }
  }

  private isTooLarge(): boolean {
    return this.bytes > this.maxBytes && this.next > this.oldest;
  }

  private drop(): void {
    const at = this.oldest % this.count;
    this.bytes -= this.slots[at]?.bytes ?? 0;
    this.slots[at] = undefined;
    this.oldest += 1;
  }
}
