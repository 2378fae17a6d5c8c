import { naiveDecision } from '../../support/naive-decision.js';
import { policyOf, requestOf } from './access-policies.js';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** The evaluator that tests compare the decision point with. */
export function loadNaive(granted: readonly Grant[]): Asking {
  const policies = granted.map(policyOf);
  return (asked) => {
    const request = requestOf(asked);
    return () => naiveDecision(policies, request) !== undefined;
  };
}
