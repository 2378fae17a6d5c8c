import type { Decision } from '../../policy/decide.js';

/** Why a decision is negative; nothing of the policies themselves is told. */
export type DenialReason =
  /** No policy allows it. */
  | 'no-policy'
  /** A policy allows it but does not speak of administration (spec §7). */
  | 'administration'
  /** It takes an administrator, whatever the policies say. */
  | 'administrators-only'
  /** The User or Client is unknown or inactive. */
  | 'subject-unresolved'
  /** The time for SQL was over before every policy could be asked; asked alone, it may be allowed. */
  | 'unavailable';

/** The answer to one evaluation (AuthZEN §6.2). */
export type EvaluationAnswer =
  | { readonly decision: true }
  | { readonly decision: false; readonly context: { readonly reason: DenialReason } }
  | {
      readonly decision: false;
      readonly context: { readonly error: { readonly status: number; readonly message: string } };
    };

/** The answer to several, in the order in which they were asked (AuthZEN §7.2). */
export interface EvaluationsAnswer {
  readonly evaluations: readonly EvaluationAnswer[];
}

/** A decision, as AuthZEN answers it. */
export function answerOf(decision: Decision): EvaluationAnswer {
  return decision.effect === 'allow' ? { decision: true } : denied(decision.reason);
}

/** A negative decision. */
export function denied(reason: DenialReason): EvaluationAnswer {
  return { decision: false, context: { reason } };
}

/** An evaluation that could not be decided, which is denied. */
export function failed(status: number, message: string): EvaluationAnswer {
  return { decision: false, context: { error: { status, message } } };
}
