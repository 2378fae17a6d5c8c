import type { Deadline } from '../load/deadline.js';
import { refusalOfEntry, type BundleEntry } from './bundle-entry.js';
import { EntriesFailed } from './bundle-errors.js';
import type { EntryDecisions } from './entry-authorizer.js';
import type { ReadEntry } from './parse-bundle.js';
import { yieldInBetween } from './yield-in-between.js';

/** Issues of one answer; the caller mends those and sees the next. */
const MAX_FAILURES = 20;

/**
 * The entries with the refusals of those that the caller may not carry out: all are decided before the first
 * effect, so that no entry can change what another is decided by (spec §9).
 *
 * @throws FhirError 503 when the time of the Bundle is over
 */
export async function decideEntries(
  entries: readonly ReadEntry[],
  decisions: EntryDecisions,
  deadline: Deadline,
): Promise<readonly ReadEntry[]> {
  const decided: ReadEntry[] = [];
  for (const read of entries) {
    deadline.assertLeft();
    const refusal = 'entry' in read ? await refusalOfEntry(read.entry, decisions) : undefined;
    decided.push(refusal ? { index: read.index, refusal } : read);
    await yieldInBetween(read.index);
  }
  return decided;
}

/** The entries, if none was refused. @throws EntriesFailed when one was. */
export function allUnderstood(entries: readonly ReadEntry[]): readonly BundleEntry[] {
  const failures = entries.flatMap((read) =>
    'refusal' in read ? [{ index: read.index, thrown: read.refusal }] : [],
  );
  if (failures.length > 0) throw new EntriesFailed(failures.slice(0, MAX_FAILURES));
  return entries.flatMap((read) => ('entry' in read ? [read.entry] : []));
}
