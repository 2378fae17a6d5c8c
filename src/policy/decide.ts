import type { AccessRequest } from './access-request.js';
import { speaksOfAdministration } from './administration.js';
import { inapplicability, type Inapplicable } from './applies.js';
import { evaluate } from './evaluate.js';
import type { Mismatch } from './matcho/match.js';
import type { Policy, PolicyEngine } from './policy.js';
import type { SqlPredicate } from './sql-predicate.js';

/** What one policy said about one request. */
export type Evaluation = { readonly policyId: string } & (
  | { readonly applies: false; readonly outcome: 'inapplicable'; readonly reason: Inapplicable }
  | { readonly applies: true; readonly outcome: 'holds' }
  | { readonly applies: true; readonly outcome: 'fails'; readonly mismatch: Mismatch }
  /** Could not be evaluated, which counts as false. */
  | { readonly applies: true; readonly outcome: 'error'; readonly error: string }
  /** Holds, but may not decide about administration (spec §7). */
  | { readonly applies: true; readonly outcome: 'not-administrative' }
);

/** The answer of the decision point, with everything that led to it, in order. */
export type Decision =
  | {
      readonly effect: 'allow';
      readonly policyId: string;
      readonly considered: readonly Evaluation[];
    }
  | {
      readonly effect: 'deny';
      /** `administration`: a policy holds, but none that holds speaks of administration. */
      readonly reason: 'no-policy' | 'administration';
      readonly considered: readonly Evaluation[];
    };

/** What a decision depends on besides policies and request. */
export interface DecisionOptions {
  /** Whether only a policy that speaks of administration may decide. */
  readonly administration: boolean;
  readonly sql?: SqlPredicate;
}

/** Relative cost of evaluating an engine; a complex policy may contain all cheaper ones. */
const COST: Readonly<Record<PolicyEngine, number>> = {
  allow: 0,
  'allow-rpc': 0,
  matcho: 1,
  'matcho-rpc': 1,
  'json-schema': 2,
  complex: 3,
  sql: 4,
};

/**
 * Policy decision point: the first applicable policy that holds allows the request; if none does,
 * it is denied (spec §7).
 *
 * Policies only ever grant, so their order changes which one is named, never the effect. A policy
 * that cannot be evaluated counts as false and never stops the others.
 * @param candidates in evaluation order.
 */
export function decide(
  candidates: Iterable<Policy>,
  request: AccessRequest,
  options: DecisionOptions,
): Decision | Promise<Decision> {
  const considered: Evaluation[] = [];
  for (const policy of candidates) {
    const evaluation = evaluationOf(policy, request, options.administration);
    considered.push(evaluation);
    if (evaluation.outcome === 'holds') {
      return { effect: 'allow', policyId: policy.id, considered };
    }
  }
  const isHeldBack = considered.some(({ outcome }) => outcome === 'not-administrative');
  return { effect: 'deny', reason: isHeldBack ? 'administration' : 'no-policy', considered };
}

/**
 * What one policy says about a request, whatever the others say.
 *
 * @param administration whether it may decide only if it speaks of administration.
 */
export function evaluationOf(
  policy: Policy,
  request: AccessRequest,
  administration: boolean,
): Evaluation {
  const policyId = policy.id;
  const reason = inapplicability(policy, request);
  if (reason) return { policyId, applies: false, outcome: 'inapplicable', reason };
  try {
    const mismatch = evaluate(policy, request);
    if (mismatch) return { policyId, applies: true, outcome: 'fails', mismatch };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown failure';
    return { policyId, applies: true, outcome: 'error', error: message };
  }
  const mayDecide = !administration || speaksOfAdministration(policy, request);
  return { policyId, applies: true, outcome: mayDecide ? 'holds' : 'not-administrative' };
}

/** The policies by cost, then by id, which is the order they are considered in (spec §7). */
export function inEvaluationOrder(policies: Iterable<Policy>): readonly Policy[] {
  return [...policies].sort(
    (one, other) => COST[one.engine] - COST[other.engine] || compareIds(one.id, other.id),
  );
}

function compareIds(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
