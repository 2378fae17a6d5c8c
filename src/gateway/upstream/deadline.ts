import { UpstreamLate } from './upstream-errors.js';

/**
 * Ends a call when its client is gone, and, until {@link stop}, when its time is over: once the answer has
 * begun it may take as long as it flows.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private late: UpstreamLate | undefined;
  private readonly onGone = (): void => {
    this.controller.abort();
  };

  /** @param timeoutMs milliseconds until it passes */
  constructor(
    private readonly client: AbortSignal,
    timeoutMs: number,
  ) {
    client.addEventListener('abort', this.onGone, { once: true });
    this.timer = setTimeout(() => {
      this.late = new UpstreamLate();
      this.controller.abort(this.late);
    }, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What to tell where the time was over; undefined where it was not. */
  get failure(): UpstreamLate | undefined {
    return this.late;
  }

  /** The answer has begun: from now on time does not end the call. */
  stop(): void {
    clearTimeout(this.timer);
  }

  /** The call is over: the client is no longer watched. */
  end(): void {
    this.client.removeEventListener('abort', this.onGone);
  }
}
