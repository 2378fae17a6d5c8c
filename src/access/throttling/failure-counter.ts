import { LRUCache } from 'lru-cache';

/** Names that are counted at once in one scope; the ones not touched for longest go first. */
export const MAX_COUNTED = 50_000;

/** When a name is blocked, and for how long; times in ms. */
export interface FailureLimit {
  readonly failures: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

interface Window {
  count: number;
  /** End of the window, or of the block if there is one. */
  endsAt: number;
  isBlocked: boolean;
}

/** Counts failures by name in fixed windows, in the memory of this instance, which is bounded. */
export class FailureCounter {
  private readonly windows = new LRUCache<string, Window>({ max: MAX_COUNTED });
  private lastBlockEndsAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limit: FailureLimit,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number,
  ) {}

  /** Whether any name may be blocked; costs nothing. */
  hasBlocks(): boolean {
    return this.now() < this.lastBlockEndsAt;
  }

  /** How long a name stays blocked, in ms; 0 when it is not. */
  blockedForMs(key: string): number {
    const window = this.current(key);
    return window?.isBlocked === true ? window.endsAt - this.now() : 0;
  }

  /** Counts one failure. @returns whether the name is blocked because of it. */
  count(key: string): boolean {
    const window = this.current(key) ?? {
      count: 0,
      endsAt: this.now() + this.limit.windowMs,
      isBlocked: false,
    };
    window.count += 1;
    this.windows.set(key, window);
    if (window.isBlocked || window.count < this.limit.failures) return false;
    this.block(key, this.limit.blockMs);
    return true;
  }

  /** Blocks a name, if it is not blocked for longer already. */
  block(key: string, forMs: number): void {
    const endsAt = this.now() + forMs;
    if (this.blockedForMs(key) >= forMs) return;
    this.windows.set(key, { count: this.limit.failures, endsAt, isBlocked: true });
    this.lastBlockEndsAt = Math.max(this.lastBlockEndsAt, endsAt);
  }

  private current(key: string): Window | undefined {
    const window = this.windows.get(key);
    return window !== undefined && this.now() < window.endsAt ? window : undefined;
  }
}
