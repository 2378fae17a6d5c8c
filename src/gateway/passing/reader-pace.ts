/** Half of what a bad mobile connection takes. */
const BYTES_PER_SECOND = 8192;
/** Buffers on the way empty in large steps. */
const GRACE_MS = 60_000;

/** How slowly a client may take an answer that is handed on to it. */
export interface Pace {
  /** Milliseconds for which it may take nothing. */
  readonly stallMs: number;
  /** Milliseconds by which it may be behind the rate. */
  readonly graceMs: number;
  /** Bytes that it is to take in a second of those in which it is waited for. */
  readonly bytesPerSecond: number;
}

/**
 * What clients may take their time for.
 *
 * @param stallMs milliseconds for which one may take nothing
 */
export function paceOfClients(stallMs: number): Pace {
  return { stallMs, graceMs: GRACE_MS, bytesPerSecond: BYTES_PER_SECOND };
}

/** What a client has taken, against the time in which it was waited for; that of the upstream does not count. */
export class ReaderPace {
  private behindMs = 0;

  constructor(private readonly pace: Pace) {}

  /** Milliseconds for which it may be waited for now. */
  get patienceMs(): number {
    return Math.max(0, Math.min(this.pace.stallMs, this.pace.graceMs - this.behindMs));
  }

  /** It took so many bytes after it was waited for that long. What is taken fast is not saved up for later. */
  took(bytes: number, waitedMs: number): void {
    const earnedMs = (bytes / this.pace.bytesPerSecond) * 1000;
    this.behindMs = Math.max(0, this.behindMs + waitedMs - earnedMs);
  }
}
