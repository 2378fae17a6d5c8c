import { BadRequest } from '../errors/fhir-error.js';
import { isJsonObject, type Json } from '../interactions/formats/json.js';

/**
 * What a Parameters resource gives an operation, in its order, each with one text.
 *
 * @param operation with `$`, as refusals call it
 * @param known names that the operation takes in it
 * @throws BadRequest 400 for another resource, other names, and what has not one text or number as its value
 */
export function parametersIn(
  value: Json,
  operation: string,
  known: ReadonlySet<string>,
): readonly (readonly [name: string, text: string])[] {
  const isParameters = isJsonObject(value) && value['resourceType'] === 'Parameters';
  const list = isParameters && Object.hasOwn(value, 'parameter') ? value['parameter'] : [];
  if (!isParameters || !Array.isArray(list)) {
    throw new BadRequest(`${operation} takes a Parameters resource`, 'structure');
  }
  return (list as readonly Json[]).map((parameter) => {
    const [name, text] = namedValue(parameter);
    if (known.has(name)) return [name, text];
    throw unknownParameter(name, operation, known);
  });
}

/** Refuses a parameter that an operation does not take: a policy may have been satisfied by it. */
export function unknownParameter(
  name: string,
  operation: string,
  known: ReadonlySet<string>,
): BadRequest {
  const shown = JSON.stringify(name.slice(0, 100));
  return new BadRequest(
    `${operation} takes ${[...known].join(', ')}, not ${shown}`,
    'not-supported',
  );
}

function namedValue(parameter: Json): readonly [string, string] {
  const { name, ...rest }: Readonly<Record<string, Json>> = isJsonObject(parameter)
    ? parameter
    : {};
  const [value, ...others] = Object.values(rest);
  const isText = typeof value === 'string' || typeof value === 'number';
  if (typeof name === 'string' && isText && others.length === 0) return [name, String(value)];
  throw new BadRequest('A parameter has a name and one value', 'structure', 'Parameters.parameter');
}
