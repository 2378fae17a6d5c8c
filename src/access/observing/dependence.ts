import { activated } from '../../policy/activated.js';
import { decide, evaluationWithSql } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import type { Policy } from '../../policy/policy.js';
import type { SqlPredicate } from '../../policy/sql-predicate.js';
import type { RecordedRequest } from './recorded-requests.js';

/** Whether it makes a difference to the outcome of a request that a policy is active. */
export type Dependence =
  | { readonly kind: 'decisive' }
  | { readonly kind: 'indifferent' }
  /** A policy that could settle it, and is named, could not be evaluated. */
  | { readonly kind: 'undecided'; readonly policyId: string };

const INDIFFERENT: Dependence = Object.freeze({ kind: 'indifferent' });

/**
 * Whether the policy, once active, is the only one that allows the request.
 *
 * In a decision a policy that cannot be evaluated counts as false. Here that would answer a question that
 * nobody has answered: a statement that took too long this time may allow the request the next.
 *
 * @param policies those that are there now; the policy itself may be among them.
 */
export async function dependence(
  policy: Policy,
  policies: PolicySet,
  { request, administration }: RecordedRequest,
  sql: SqlPredicate,
): Promise<Dependence> {
  const options = { administration, sql, budget: {} };
  const { outcome } = await evaluationWithSql(activated(policy), request, options);
  if (outcome !== 'holds' && outcome !== 'error') return INDIFFERENT;
  const others = policies.candidatesFor(request).filter(({ id }) => id !== policy.id);
  const { effect, considered } = await decide(others, request, options);
  if (effect === 'allow') return INDIFFERENT;
  if (outcome === 'error') return { kind: 'undecided', policyId: policy.id };
  const failed = considered.find((evaluation) => evaluation.outcome === 'error');
  return failed ? { kind: 'undecided', policyId: failed.policyId } : { kind: 'decisive' };
}
