import type { Json, JsonObject } from '../json.js';
import { mismatchesOf, type Mismatch } from './match.js';
import type { Pattern } from './pattern.js';
import { WorkLimit } from './work-limit.js';

/**
 * Every mismatch of a subject, as `$matcho` answers it: `{path, expected, but}` (spec §8).
 *
 * @returns an empty list when the subject matches, exactly when `match` finds nothing.
 */
export function explain(
  pattern: Pattern,
  subject: Json | undefined,
  context: JsonObject,
): readonly Mismatch[] {
  return mismatchesOf(pattern, subject, { context, exhaustive: true, work: new WorkLimit() });
}
