import { UpstreamBusy } from './upstream-errors.js';

/** How many connections are to be had at once, and how many requests may wait for one. */
export interface TurnLimits {
  readonly connections: number;
  readonly perCaller: number;
  readonly waiting: number;
}

/** Gives a connection back; once is enough. */
export type GiveBack = () => void;

interface Waiter {
  begin(): void;
  refuse(): void;
}

/** What one caller holds and waits for. */
interface Line {
  held: number;
  /** In the order in which they came. */
  readonly waiters: Set<Waiter>;
}

/**
 * Decides who has a connection next: callers take turns, each with their requests in the order in which they came,
 * and none has more than its share while it is at it. Where no more may wait, room is made for who waits with less
 * by refusing the last of the caller who waits with most.
 */
export class ConnectionTurns {
  /** Those who had a turn longest ago come first. */
  private readonly lines = new Map<string, Line>();
  private held = 0;
  private waiters = 0;

  constructor(private readonly limits: TurnLimits) {}

  /** Requests that wait. */
  get waiting(): number {
    return this.waiters;
  }

  /**
   * Waits for a connection.
   *
   * @param signal ends the wait, with its reason
   * @throws UpstreamBusy 503 where too many wait
   */
  async take(caller: string, signal: AbortSignal): Promise<GiveBack> {
    signal.throwIfAborted();
    const line = this.lines.get(caller) ?? { held: 0, waiters: new Set() };
    if (line.waiters.size === 0 && this.mayHold(line)) return this.hold(caller, line);
    this.makeRoom(line);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.leave(line, waiter);
        this.forget(caller, line);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        begin: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(this.hold(caller, line));
        },
        refuse: () => {
          signal.removeEventListener('abort', onAbort);
          reject(new UpstreamBusy());
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      line.waiters.add(waiter);
      this.waiters += 1;
      this.lines.set(caller, line);
    });
  }

  private mayHold({ held }: Line): boolean {
    return this.held < this.limits.connections && held < this.limits.perCaller;
  }

  private hold(caller: string, line: Line): GiveBack {
    line.held += 1;
    this.held += 1;
    // Behind all others.
    this.lines.delete(caller);
    this.lines.set(caller, line);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      line.held -= 1;
      this.held -= 1;
      this.forget(caller, line);
      this.beginNext();
    };
  }

  private beginNext(): void {
    if (this.waiters === 0) return;
    for (const line of this.lines.values()) {
      const [first] = line.waiters;
      if (first === undefined || !this.mayHold(line)) continue;
      this.leave(line, first);
      first.begin();
      return;
    }
  }

  /** @throws UpstreamBusy 503 where nobody waits with more */
  private makeRoom(line: Line): void {
    if (this.waiters < this.limits.waiting) return;
    const longest = [...this.lines.values()].reduce(
      (most, other) => (other.waiters.size > most.waiters.size ? other : most),
      line,
    );
    const last = [...longest.waiters].at(-1);
    // Where both would wait with as many, who came first stays.
    if (last === undefined || longest.waiters.size <= line.waiters.size + 1) {
      throw new UpstreamBusy();
    }
    this.leave(longest, last);
    last.refuse();
  }

  private leave(line: Line, waiter: Waiter): void {
    line.waiters.delete(waiter);
    this.waiters -= 1;
  }

  private forget(caller: string, { held, waiters }: Line): void {
    if (held === 0 && waiters.size === 0) this.lines.delete(caller);
  }
}
