import { isArray, isObject, type Json } from './json.js';
import type { Policy, Rule } from './policy.js';

const NAMES = new WeakMap<Policy, ReadonlySet<string>>();

/**
 * The first steps of a path into the request, as far as the policy itself names them: what follows may be a
 * name that only the request has, and as secret as a value.
 */
export function namedPath(
  policy: Policy,
  path: readonly (string | number)[],
): readonly (string | number)[] {
  const names = namesOf(policy);
  const end = path.findIndex((step) => typeof step === 'string' && !names.has(step));
  return end < 0 ? path : path.slice(0, end);
}

function namesOf(policy: Policy): ReadonlySet<string> {
  let names = NAMES.get(policy);
  if (!names) {
    names = new Set(sourcesOf(policy).flatMap(textsIn));
    NAMES.set(policy, names);
  }
  return names;
}

function sourcesOf(rule: Rule): readonly Json[] {
  switch (rule.engine) {
    case 'allow':
    case 'sql':
      return [];
    case 'matcho':
      return [rule.pattern.source];
    case 'json-schema':
      return [rule.schema.source];
    case 'complex':
      return rule.rules.flatMap(sourcesOf);
    case 'matcho-rpc':
      return ['params', '_m', ...[...rule.methods.values()].map(({ source }) => source)];
    case 'allow-rpc':
      return ['params', '_m'];
  }
}

/** Texts and keys at every depth. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}
