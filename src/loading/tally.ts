import type { Outcome, Refusal } from './outcome.js';
import type { Portion, Unreadable } from './portion.js';

/** A portion of which nobody can tell whether it was carried out. */
export interface Uncertain {
  readonly file: string;
  readonly part: string;
  readonly reason: string;
}

/** Refusals that are kept to be shown; more are only counted. */
const MAX_KEPT = 10_000;

/** What a load has come to so far. */
export class Tally {
  /** Resources that were written, by type. */
  readonly loaded = new Map<string, number>();
  readonly refusals: Refusal[] = [];
  readonly uncertainties: Uncertain[] = [];
  /** Resources, or portions that failed as a whole, that were not written. */
  refusedCount = 0;
  /** Portions that an earlier run had loaded. */
  skippedCount = 0;
  /** Bytes of files that are dealt with. */
  bytes = 0;

  /** How many resources were written. */
  get loadedCount(): number {
    return [...this.loaded.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Whether there is nothing that was not loaded. */
  get isComplete(): boolean {
    return this.refusedCount === 0 && this.uncertainties.length === 0;
  }

  answered({ bytes }: Portion, { loaded, refused }: Outcome): void {
    this.bytes += bytes;
    for (const type of loaded) this.loaded.set(type, (this.loaded.get(type) ?? 0) + 1);
    this.refused(refused);
  }

  refused(refusals: readonly Refusal[]): void {
    this.refusedCount += refusals.length;
    this.refusals.push(...refusals.slice(0, Math.max(0, MAX_KEPT - this.refusals.length)));
  }

  unreadable({ file, place, problem, bytes }: Unreadable): void {
    this.bytes += bytes;
    this.refused([{ file, place, target: '', status: undefined, reason: problem }]);
  }

  unsent({ file, part, bytes }: Portion, reason: string): void {
    this.bytes += bytes;
    this.refused([{ file, place: part, target: 'the Bundle', status: undefined, reason }]);
  }

  uncertain({ file, part, bytes }: Portion, reason: string): void {
    this.bytes += bytes;
    this.uncertainties.push({ file, part, reason });
  }

  loadedBefore({ bytes }: Portion): void {
    this.bytes += bytes;
    this.skippedCount += 1;
  }
}
