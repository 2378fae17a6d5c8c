import { isObject, own, type Json, type JsonObject } from '../../policy/json.js';
import { explain } from '../../policy/matcho/explain.js';
import { parsePattern } from '../../policy/matcho/parse-pattern.js';
import { mismatchView } from './evaluation-view.js';
import { invalidInput, knownMembers, parsedAt } from './invalid-input.js';

const MEMBERS = ['matcho', 'resource', 'context'] as const;

/**
 * Compares a resource with a pattern, as `POST /$matcho` does (spec §8).
 *
 * @param input `{matcho, resource, context?}`; `.path` looks into `context`, which is empty without one
 * @returns both as given, and every difference; none when the resource matches
 * @throws InvalidResource 422 for an invalid pattern, with the path of each problem in it.
 */
export function explainMatcho(input: Json): JsonObject {
  const members = knownMembers(input, '$matcho', MEMBERS);
  const matcho = required(members, 'matcho');
  const resource = required(members, 'resource');
  const context = own(members, 'context') ?? {};
  if (!isObject(context)) throw invalidInput('context', 'must be an object');
  const pattern = parsedAt('matcho', () => parsePattern(matcho, 'matcho'));
  return { matcho, resource, result: explain(pattern, resource, context).map(mismatchView) };
}

function required(members: JsonObject, name: string): Json {
  const value = own(members, name);
  if (value === undefined) throw invalidInput(name, 'is required');
  return value;
}
