import type { AccessRequest } from './access-request.js';
import { speaksOfAdministration } from './administration.js';
import { inapplicability, type Inapplicable } from './applies.js';
import { evaluate } from './evaluate.js';
import type { Mismatch } from './matcho/match.js';
import type { Policy } from './policy.js';
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
