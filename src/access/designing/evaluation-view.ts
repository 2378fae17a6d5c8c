import type { Evaluation } from '../../policy/decide.js';
import { isObject, type Json, type JsonObject } from '../../policy/json.js';
import type { Mismatch } from '../../policy/matcho/match.js';
import { excerptOf } from '../tracing/excerpt.js';

/** Why a policy did not decide: it does not apply by that element, or what came of evaluating it. */
export type EvaluationReason =
  'status' | 'link' | 'roleName' | 'type' | 'mismatch' | 'error' | 'not-administrative';

/** What one policy said about a request, as designing aids answer it (spec §8). */
export interface EvaluationView extends JsonObject {
  readonly id: string;
  /** Whether status, link, roleName and type of the policy fit the request. */
  readonly applies: boolean;
  /** Whether it applies and its rule holds. One that does not apply is not evaluated. */
  readonly 'eval-result': boolean;
  /** `null` when the policy allows the request. */
  readonly reason: EvaluationReason | null;
}

/** Renders an evaluation, with its first mismatch or its error. */
export function evaluationView(evaluation: Evaluation): EvaluationView {
  const { policyId: id, applies } = evaluation;
  switch (evaluation.outcome) {
    case 'inapplicable':
      return { id, applies, 'eval-result': false, reason: evaluation.reason };
    case 'holds':
      return { id, applies, 'eval-result': true, reason: null };
    case 'fails': {
      const mismatch = mismatchView(evaluation.mismatch);
      return { id, applies, 'eval-result': false, reason: 'mismatch', mismatch };
    }
    case 'error':
      return { id, applies, 'eval-result': false, reason: 'error', error: evaluation.error };
    case 'not-administrative':
      return { id, applies, 'eval-result': true, reason: 'not-administrative' };
  }
}

/** Of a list: each policy may have found one and the same large body. */
const LISTED = { nodes: 100, characters: 1_024 };

/** An evaluation as one of many: of its mismatch no more than is needed to recognize the values. */
export function listedEvaluation(evaluation: Evaluation): EvaluationView {
  const view = evaluationView(evaluation);
  const { mismatch } = view;
  return isObject(mismatch) ? { ...view, mismatch: excerptOf(mismatch, LISTED).value } : view;
}

/** A mismatch as it is answered: `{path, expected, but}`. */
export function mismatchView({ path, expected, but }: Mismatch): { readonly [key: string]: Json } {
  return { path, expected, but };
}
