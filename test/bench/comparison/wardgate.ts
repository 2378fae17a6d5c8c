import { decide, type Decision } from '../../../src/policy/decide.js';
import { PolicySet } from '../../../src/policy/index/policy-set.js';
import type { JsonObject } from '../../../src/policy/json.js';
import { parsePolicy } from '../../../src/policy/parse-policy.js';
import type { Policy } from '../../../src/policy/policy.js';
import { policyOf, requestOf } from './access-policies.js';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** No request is about administration. */
const OPTIONS = { administration: false };

/** The decision point as the guard asks it. */
export function loadIndexed(granted: readonly Grant[]): Asking {
  return asking(PolicySet.of(parsed(granted.map(policyOf))));
}

/** The decision point asked about all policies in evaluation order. */
export function loadInTurn(granted: readonly Grant[]): Asking {
  const { all } = PolicySet.of(parsed(granted.map(policyOf)));
  return (asked) => {
    const request = requestOf(asked);
    return () => isAllowed(decide(all, request, OPTIONS));
  };
}

/** Asks the policies that the index finds. */
export function asking(set: PolicySet): Asking {
  return (asked) => {
    const request = requestOf(asked);
    return () => isAllowed(set.decide(request, OPTIONS));
  };
}

/** Policies by id, as they are held in memory. */
export function parsed(policies: readonly JsonObject[]): ReadonlyMap<string, Policy> {
  return new Map(
    policies.map((source) => {
      const policy = parsePolicy(source);
      return [policy.id, policy];
    }),
  );
}

function isAllowed(decision: Decision | Promise<Decision>): boolean {
  return !(decision instanceof Promise) && decision.effect === 'allow';
}
