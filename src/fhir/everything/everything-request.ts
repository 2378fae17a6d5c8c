import { BadRequest } from '../../errors/fhir-error.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { single, type QueryParams } from '../../interactions/search/parse-search.js';
import { parametersIn, unknownParameter } from '../operation-parameters.js';

/** Parameters of `$everything` (FHIR R4, operation `Patient/$everything`). */
const PARAMETERS: ReadonlySet<string> = new Set(['start', 'end', '_since', '_type', '_count']);
/** Those that are in links only, or read where the answer is rendered. */
const LINK_PARAMETERS: ReadonlySet<string> = new Set(['_after', '_format', '_pretty']);

/**
 * The parameters of `$everything`, each with one text; several values of `_type` are one list.
 *
 * @param body a Parameters resource, where the request has one; there are no parameters in the query then
 * @throws BadRequest 400 for other parameters, repeated ones and empty ones
 */
export function everythingParameters(
  query: QueryParams,
  body: ParsedBody | undefined,
): Readonly<Record<string, string>> {
  if (body) refuseUnusedParameters(query);
  const given = body
    ? [...Object.entries(query), ...parametersIn(body.value, '$everything', PARAMETERS)]
    : Object.entries(query);
  const found = new Map<string, string>();
  for (const [name, values] of given) {
    const text = name === '_type' ? [values].flat().join(',') : single(name, values);
    assertUsable(name, text);
    const before = found.get(name);
    if (before !== undefined && name !== '_type') {
      throw new BadRequest(`${name} is given more than once`, 'value', name);
    }
    found.set(name, before === undefined ? text : `${before},${text}`);
  }
  return Object.fromEntries(found);
}

function assertUsable(name: string, text: string): void {
  if (!PARAMETERS.has(name) && !LINK_PARAMETERS.has(name)) {
    throw unknownParameter(name, '$everything', PARAMETERS);
  }
  if (text === '') throw new BadRequest(`${name} is empty`, 'value', name);
}
