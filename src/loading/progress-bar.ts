import type { Tally } from './tally.js';

/** Where progress is shown: a terminal has one line that changes, anything else gets a line now and then. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[2K';
const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 10_000;

/** Shows how far a load is until it is stopped. */
export class ProgressBar {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** @param totalBytes of all files together */
  constructor(
    private readonly tally: Tally,
    private readonly totalBytes: number,
    private readonly target: ProgressTarget,
  ) {
    const everyMs = target.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
    this.timer = setInterval(() => this.show(), everyMs);
  }

  /** Takes the bar away. */
  stop(): void {
    clearInterval(this.timer);
    if (this.target.isTTY) this.target.write(CLEAR_LINE);
  }

  private show(): void {
    const line = progressLine(this.tally, this.totalBytes, performance.now() - this.startedAt);
    this.target.write(this.target.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
  }
}

/** How far a load is, in a line. */
export function progressLine(tally: Tally, totalBytes: number, elapsedMs: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, tally.bytes / totalBytes);
  const filled = Math.floor(share * WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
  const perSecond = Math.round((tally.loadedCount / Math.max(elapsedMs, 1)) * 1000);
  const refused = tally.refusedCount > 0 ? `, ${tally.refusedCount} refused` : '';
  const percent = Math.floor(share * 100);
  return `${bar} ${percent}% ${tally.loadedCount} resources, ${perSecond}/s${refused}`;
}
