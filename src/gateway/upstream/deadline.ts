import { ClientGone, UpstreamLate } from './upstream-errors.js';

/**
 * Ends a call when its client is gone, and, until {@link stop}, when its time is over: once the answer has
 * begun it may take as long as it flows.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onGone = (): void => {
    this.controller.abort(new ClientGone());
  };

  /** @param timeoutMs milliseconds until it passes */
  constructor(
    private readonly client: AbortSignal,
    timeoutMs: number,
  ) {
    if (client.aborted) this.onGone();
    client.addEventListener('abort', this.onGone, { once: true });
    this.timer = setTimeout(() => {
      this.controller.abort(new UpstreamLate());
    }, timeoutMs);
  }

  /** Its reason is ClientGone or UpstreamLate. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /**
   * What a part of the call brings, at most until the call ends: not everything that is told so heeds it at once.
   *
   * @throws ClientGone or UpstreamLate where the call ends before
   */
  keeps<T>(part: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      part.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', onAbort);
      });
    });
  }

  /** The answer has begun: from now on time does not end the call. */
  stop(): void {
    clearTimeout(this.timer);
  }

  /** The call is over: the client is no longer watched. */
  end(): void {
    this.stop();
    this.client.removeEventListener('abort', this.onGone);
  }
}
