import { prune } from '../policy/access-request.js';
import { isObject, ownString, type Json, type JsonObject } from '../policy/json.js';
import { withBothReferenceForms } from './both-reference-forms.js';

/** A stored resource as policies see it. */
export type PolicyView = JsonObject & { readonly id: string };

/** What policies may see of a type of resource. */
export interface PolicyViewRules {
  readonly references: readonly string[];
  /** Elements that policies never see, their `_element` included. */
  readonly hidden: readonly string[];
}

/**
 * A resource as policies see it (spec §7, request object): without hidden elements, references in
 * both forms, empty values removed, frozen at every level.
 */
export function policyView(resource: JsonObject, rules: PolicyViewRules): PolicyView {
  const hidden = new Set(rules.hidden.flatMap((name) => [name, `_${name}`]));
  const shown = Object.fromEntries(Object.entries(resource).filter(([name]) => !hidden.has(name)));
  const pruned = prune(withBothReferenceForms(shown, rules.references));
  return freeze({ ...(isObject(pruned) ? pruned : {}), id: ownString(resource, 'id') ?? '' });
}

function freeze<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values<Json>(value as JsonObject).forEach(freeze);
  return Object.freeze(value);
}
