import { InvalidResource, type Issue } from '../../errors/fhir-error.js';
import { InvalidPolicy } from '../../policy/invalid-policy.js';
import { isObject, type Json, type JsonObject } from '../../policy/json.js';

/** The input of a designing aid that is wrong at one place: 422. */
export function invalidInput(expression: string, diagnostics: string): InvalidResource {
  return new InvalidResource([{ code: 'value', diagnostics, expression }]);
}

/**
 * Runs a parser of policies or patterns.
 *
 * @param place what stands for the name of the resource in the issues, e.g. `policies[1]`
 * @throws InvalidResource 422 with every problem.
 */
export function parsedAt<Parsed>(place: string, parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    throw new InvalidResource(error.issues.map((issue) => issueAt(place, issue)));
  }
}

/**
 * An object with no members but the known ones.
 *
 * @throws InvalidResource 422 otherwise, so that a misspelt member is not passed over.
 */
export function knownMembers(
  value: Json | undefined,
  place: string,
  known: readonly string[],
): JsonObject {
  if (!isObject(value)) throw invalidInput(place, 'must be an object');
  const stray = Object.keys(value).find((name) => !known.includes(name));
  if (stray === undefined) return value;
  const name = stray.slice(0, 64);
  throw invalidInput(`${place}.${name}`, `unknown; the members are ${known.join(', ')}`);
}

function issueAt(place: string, { path, message }: InvalidPolicy['issues'][number]): Issue {
  return {
    code: 'value',
    diagnostics: message,
    expression: path.replace(/^AccessPolicy(?=$|[.[])/, place),
  };
}
