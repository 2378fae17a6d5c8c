import type { Policy, PolicyEngine } from './policy.js';
import { asksDatabase } from './sql-predicate.js';

/** Relative cost of evaluating an engine; a complex policy may contain all cheaper ones. */
const COST: Readonly<Record<PolicyEngine, number>> = {
  allow: 0,
  'allow-rpc': 0,
  matcho: 1,
  'matcho-rpc': 1,
  'json-schema': 2,
  complex: 3,
  sql: 5,
};

/** Of a complex policy that asks the database, so that it is asked when nothing else allows only. */
const COMPLEX_WITH_SQL = 4;

/** The policies by cost, then by id, which is the order they are considered in (spec §7). */
export function inEvaluationOrder(policies: Iterable<Policy>): readonly Policy[] {
  return [...policies].sort(compareInEvaluation);
}

/** Negative when the first policy is considered before the other. */
export function compareInEvaluation(one: Policy, other: Policy): number {
  return costOf(one) - costOf(other) || compareIds(one.id, other.id);
}

function costOf(policy: Policy): number {
  return policy.engine === 'complex' && asksDatabase(policy)
    ? COMPLEX_WITH_SQL
    : COST[policy.engine];
}

function compareIds(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
