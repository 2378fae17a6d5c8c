import { BadRequest } from '../../errors/fhir-error.js';
import type { QueryParams } from '../search/parse-search.js';

/** Parameters that are read where the answer is rendered. */
const RENDERING: ReadonlySet<string> = new Set(['_format', '_pretty']);

/**
 * Refuses parameters that the interaction would not look at.
 *
 * @throws BadRequest 400: a policy may have been satisfied by one (spec §9), `_elements` for example.
 */
export function refuseUnusedParameters(query: QueryParams): void {
  const unused = Object.keys(query).find((name) => !RENDERING.has(name));
  if (unused === undefined) return;
  throw new BadRequest(
    `The parameter ${JSON.stringify(unused.slice(0, 100))} is not supported here; supported: _format, _pretty`,
    'not-supported',
  );
}
