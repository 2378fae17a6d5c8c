import type { ErrorObject } from 'ajv';
import type { Json, JsonObject } from '../json.js';
import type { Mismatch } from '../matcho/match.js';
import { WorkLimit } from '../matcho/work-limit.js';
import { leadsToValue, segmentsOf } from './data-pointer.js';
import type { JsonSchema } from './json-schema.js';

/**
 * Validates a request against a schema (spec §7).
 *
 * A `$data` pointer that leads nowhere makes the answer negative wherever it stands, below `not`
 * too: the validator itself would let the keyword pass.
 * @returns the first mismatch; `undefined` when the request is valid.
 * @throws what a schema throws that cannot be evaluated, e.g. when it recurses without end or exceeds the limit.
 */
export function validate(
  schema: JsonSchema,
  request: JsonObject,
  work = new WorkLimit(),
): Mismatch | undefined {
  const dangling = schema.pointers.find((pointer) => !leadsToValue(pointer, request));
  if (dangling) return { path: [], expected: { $data: dangling.source }, but: null };
  const error = schema.firstError(request, work);
  return error && mismatchOf(error);
}

function mismatchOf(error: ErrorObject): Mismatch {
  const path = segmentsOf(error.instancePath);
  const missing: unknown = (error.params as Record<string, unknown>)['missingProperty'];
  const isMissing = error.keyword === 'required' && typeof missing === 'string';
  return {
    path: isMissing ? [...path, missing] : path,
    expected: { [error.keyword]: (error.schema ?? null) as Json },
    but: isMissing ? null : ((error.data ?? null) as Json),
  };
}
