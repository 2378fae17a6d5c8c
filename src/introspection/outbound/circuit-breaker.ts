/** `half-open`: one call is under way to find out whether the service is back. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** Failures in a row, with no success between them, that open a breaker. */
export const FAILURES_TO_OPEN = 5;

/** Milliseconds for which an open breaker lets nothing through; short, so that recovery needs nobody. */
export const OPEN_MS = 2000;

/** The call was not made: the service failed several times in a row and is left alone for a moment. */
export class CircuitOpen extends Error {
  /** @param retryAfterMs milliseconds after which a call may be let through again */
  constructor(readonly retryAfterMs: number) {
    super('The service failed repeatedly and is left alone for a moment');
    this.name = 'CircuitOpen';
  }
}

/**
 * Keeps calls from a service that does not work, so that no caller waits for it in vain and it is not
 * flooded while it comes back.
 *
 * While open every call fails at once, also while the one probe is under way. Only the probe closes or
 * opens it again: calls that began before say nothing about now.
 */
export class CircuitBreaker {
  private failures = 0;
  private openedAt: number | undefined;
  private isProbing = false;

  constructor(
    /** Milliseconds of a clock that never goes back: one set back would keep it open. */
    private readonly now: () => number,
    private readonly onChange: (state: BreakerState) => void,
  ) {}

  get state(): BreakerState {
    if (this.openedAt === undefined) return 'closed';
    return this.isProbing ? 'half-open' : 'open';
  }

  /**
   * Makes the call and hands on its result.
   *
   * @param call must settle: a probe that never ends would keep the breaker open
   * @param meansDown whether an error says that the service does not work; others are answers of it
   * @throws CircuitOpen without a call being made
   */
  async run<T>(call: () => Promise<T>, meansDown: (error: unknown) => boolean): Promise<T> {
    const isProbe = this.state !== 'closed';
    if (isProbe) this.beginProbe();
    try {
      const result = await call();
      this.settle(isProbe, true);
      return result;
    } catch (error) {
      this.settle(isProbe, !meansDown(error));
      throw error;
    }
  }

  private beginProbe(): void {
    const leftMs = OPEN_MS - (this.now() - (this.openedAt ?? 0));
    if (this.isProbing || leftMs > 0) throw new CircuitOpen(Math.max(leftMs, 0));
    this.isProbing = true;
    this.onChange('half-open');
  }

  private settle(isProbe: boolean, isWorking: boolean): void {
    if (isProbe) {
      this.isProbing = false;
      if (isWorking) this.close();
      else this.open();
    } else if (this.state === 'closed') {
      this.failures = isWorking ? 0 : this.failures + 1;
      if (this.failures >= FAILURES_TO_OPEN) this.open();
    }
  }

  private open(): void {
    this.openedAt = this.now();
    this.onChange('open');
  }

  private close(): void {
    this.failures = 0;
    this.openedAt = undefined;
    this.onChange('closed');
  }
}
