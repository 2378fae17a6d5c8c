import type { AccessRequest } from '../../../src/policy/access-request.js';
import { decide } from '../../../src/policy/decide.js';
import { PolicySet } from '../../../src/policy/index/policy-set.js';
import type { JsonObject } from '../../../src/policy/json.js';
import { parsePolicy } from '../../../src/policy/parse-policy.js';
import type { Policy } from '../../../src/policy/policy.js';
import { policyOf, requestOf } from './access-policies.js';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** The decision point as the guard asks it. */
export function loadIndexed(granted: readonly Grant[]): Asking {
  return asking(PolicySet.of(parsed(granted.map(policyOf))));
}

/** The decision point asked about all policies in evaluation order. */
export function loadInTurn(granted: readonly Grant[]): Asking {
  const { all } = PolicySet.of(parsed(granted.map(policyOf)));
  return (asked) => {
    const request = requestOf(asked);
    return () => isAllowed(all, request);
  };
}

/** Asks the policies that the index finds. */
export function asking(set: PolicySet): Asking {
  return (asked) => {
    const request = requestOf(asked);
    return () => isAllowed(set.candidatesFor(request), request);
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

/** Whether the candidates allow a request that is not about administration. */
function isAllowed(candidates: readonly Policy[], request: AccessRequest): boolean {
  const decision = decide(candidates, request, { administration: false });
  return !(decision instanceof Promise) && decision.effect === 'allow';
}
