import { isArray, isObject, own, type Json, type JsonObject } from '../../policy/json.js';

const MEMBERS = ['subject', 'action', 'resource', 'context'] as const;

/** Most values that the defaults of a request may stand for in all its evaluations together. */
export const MAX_REPEATED_VALUES = 1_000_000;

/**
 * Whether the defaults of a batch would be read too often: each evaluation that lacks a member goes through
 * all values of the default, so that a body within its bounds could be multiplied by their number.
 */
export function repeatsTooMuch(source: JsonObject, items: readonly Json[]): boolean {
  let repeated = 0;
  for (const member of MEMBERS) {
    const takers = items.filter((item) => (own(item, member) ?? null) === null).length;
    const given = own(source, member);
    if (takers > 1 && given !== undefined) repeated += takers * valuesIn(given);
  }
  return repeated > MAX_REPEATED_VALUES;
}

/** Without recursion, since a body may be deep. */
function valuesIn(value: Json): number {
  const open: Json[] = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count += 1;
    const inside = isArray(next) || isObject(next) ? Object.values<Json>(next as JsonObject) : [];
    for (const each of inside) open.push(each);
  }
  return count;
}
