import type { AccessRequest } from './access-request.js';
import { speaksOfAdministration } from './administration.js';
import { inapplicability, type Inapplicable } from './applies.js';
import { evaluate } from './evaluate.js';
import { evaluateWithSql } from './evaluate-with-sql.js';
import type { Mismatch } from './matcho/match.js';
import { DecisionWork } from './matcho/work-limit.js';
import type { Policy } from './policy.js';
import { asksDatabase, type SqlPredicate } from './sql-predicate.js';

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
  /** Without it, policies with SQL cannot be evaluated and count as false. */
  readonly sql?: SqlPredicate | undefined;
  /** Decisions with the same object share the time that SQL may take; without it each has its own. */
  readonly budget?: object | undefined;
  /** What the policies of the decision may take together, apart from SQL; without it as much as one decision. */
  readonly work?: DecisionWork | undefined;
}

/**
 * Policy decision point: the first applicable policy that holds allows the request; if none does,
 * it is denied (spec §7).
 *
 * Policies only ever grant, so their order changes which one is named, never the effect. A policy
 * that cannot be evaluated counts as false and never stops the others. The answer is there at once unless
 * only the database can tell, which is asked when nothing else allows the request. The work of all policies
 * together is bounded: one whose turn comes when it is spent cannot be evaluated, unless it takes little.
 * @param candidates in evaluation order.
 */
export function decide(
  candidates: Iterable<Policy>,
  request: AccessRequest,
  options: DecisionOptions,
): Decision | Promise<Decision> {
  const considered: Evaluation[] = [];
  const { administration, work = new DecisionWork() } = options;
  let asking: Policy[] | undefined;
  for (const policy of candidates) {
    if (asksDatabase(policy)) {
      (asking ??= []).push(policy);
      continue;
    }
    const evaluation = evaluationOf(policy, request, administration, work);
    considered.push(evaluation);
    if (evaluation.outcome === 'holds') {
      return { effect: 'allow', policyId: policy.id, considered };
    }
  }
  if (!asking) return denied(considered);
  const shared = { ...options, budget: options.budget ?? {}, work };
  return decideByAsking(asking, request, shared, considered);
}

/** @param considered what was evaluated before, to which the rest is added. */
async function decideByAsking(
  policies: readonly Policy[],
  request: AccessRequest,
  options: DecisionOptions,
  considered: Evaluation[],
): Promise<Decision> {
  for (const policy of policies) {
    const evaluation = await evaluationWithSql(policy, request, options);
    considered.push(evaluation);
    if (evaluation.outcome === 'holds') {
      return { effect: 'allow', policyId: policy.id, considered };
    }
  }
  return denied(considered);
}

/** The decision where no policy that was considered holds and may decide. */
export function denied(considered: readonly Evaluation[]): Decision {
  const isHeldBack = considered.some(({ outcome }) => outcome === 'not-administrative');
  return { effect: 'deny', reason: isHeldBack ? 'administration' : 'no-policy', considered };
}

/**
 * What one policy says about a request, whatever the others say. One that asks the database cannot be
 * evaluated by this; see {@link evaluationWithSql}.
 *
 * @param administration whether it may decide only if it speaks of administration.
 * @param work what it shares with other policies; without it, it has as much as one decision.
 */
export function evaluationOf(
  policy: Policy,
  request: AccessRequest,
  administration: boolean,
  work = new DecisionWork(),
): Evaluation {
  const policyId = policy.id;
  const reason = inapplicability(policy, request);
  if (reason) return { policyId, applies: false, outcome: 'inapplicable', reason };
  try {
    const mismatch = evaluate(policy, request, work.ofPolicy());
    if (mismatch) return { policyId, applies: true, outcome: 'fails', mismatch };
  } catch (error) {
    return failed(policyId, error);
  }
  return holding(policy, request, administration);
}

/** What one policy of any engine says about a request, whatever the others say. */
export async function evaluationWithSql(
  policy: Policy,
  request: AccessRequest,
  { administration, sql, budget = {}, work = new DecisionWork() }: DecisionOptions,
): Promise<Evaluation> {
  const policyId = policy.id;
  const reason = inapplicability(policy, request);
  if (reason) return { policyId, applies: false, outcome: 'inapplicable', reason };
  try {
    const asking = { sql, policyId, request, budget, work: work.ofPolicy() };
    const mismatch = await evaluateWithSql(policy, asking);
    if (mismatch) return { policyId, applies: true, outcome: 'fails', mismatch };
  } catch (error) {
    return failed(policyId, error);
  }
  return holding(policy, request, administration);
}

function holding(policy: Policy, request: AccessRequest, administration: boolean): Evaluation {
  const mayDecide = !administration || speaksOfAdministration(policy, request);
  const outcome = mayDecide ? 'holds' : 'not-administrative';
  return { policyId: policy.id, applies: true, outcome };
}

function failed(policyId: string, error: unknown): Evaluation {
  const message = error instanceof Error ? error.message : 'unknown failure';
  return { policyId, applies: true, outcome: 'error', error: message };
}
