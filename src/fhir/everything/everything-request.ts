import { BadRequest } from '../../errors/fhir-error.js';
import { isJsonObject, type Json, type ParsedBody } from '../../interactions/formats/json.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { single, type QueryParams } from '../../interactions/search/parse-search.js';

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
    ? [...Object.entries(query), ...parametersIn(body.value)]
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
    throw new BadRequest(
      `$everything takes ${[...PARAMETERS].join(', ')}, not ${JSON.stringify(name.slice(0, 100))}`,
      'not-supported',
    );
  }
  if (text === '') throw new BadRequest(`${name} is empty`, 'value', name);
}

function parametersIn(value: Json): readonly (readonly [string, string])[] {
  const isParameters = isJsonObject(value) && value['resourceType'] === 'Parameters';
  const list = isParameters && Object.hasOwn(value, 'parameter') ? value['parameter'] : [];
  if (!isParameters || !Array.isArray(list)) {
    throw new BadRequest('$everything takes a Parameters resource', 'structure');
  }
  return (list as readonly Json[]).map(namedValue);
}

function namedValue(parameter: Json): readonly [string, string] {
  const { name, ...rest }: Readonly<Record<string, Json>> = isJsonObject(parameter)
    ? parameter
    : {};
  const [value, ...others] = Object.values(rest);
  const isText = typeof value === 'string' || typeof value === 'number';
  if (typeof name === 'string' && !LINK_PARAMETERS.has(name) && isText && others.length === 0) {
    return [name, String(value)];
  }
  throw new BadRequest('A parameter has a name and one value', 'structure', 'Parameters.parameter');
}
