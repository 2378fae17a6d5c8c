import type { Json, JsonObject } from '../json.js';
import { Comparison, type Mismatch } from './comparison.js';
import type { Pattern } from './pattern.js';
import { Undecidable, WorkLimit } from './work-limit.js';

export type { Mismatch } from './comparison.js';

/**
 * Compares a subject with a pattern; total on any JSON and bounded in time (spec §8).
 *
 * @param context what `.path` patterns look into; for a policy, the request object itself.
 * @returns the first mismatch; `undefined` when the subject matches. A subject that is too large to
 * be judged does not match.
 * @throws WorkSpent when the decision that it is for has no work left.
 */
export function match(
  pattern: Pattern,
  subject: Json | undefined,
  context: JsonObject,
  work = new WorkLimit(),
): Mismatch | undefined {
  return mismatchesOf(pattern, subject, { context, exhaustive: false, work })[0];
}

interface Comparing {
  readonly context: JsonObject;
  /** Whether all mismatches are wanted, or the first is enough. */
  readonly exhaustive: boolean;
  readonly work: WorkLimit;
}

/** All mismatches, in the order of the pattern; empty when the subject matches. */
export function mismatchesOf(
  pattern: Pattern,
  subject: Json | undefined,
  { context, exhaustive, work }: Comparing,
): readonly Mismatch[] {
  try {
    return new Comparison(context, exhaustive, work).compare(pattern, subject);
  } catch (error) {
    if (!(error instanceof Undecidable)) throw error;
    return [{ path: [], expected: pattern.source, but: error.message }];
  }
}
