import { evaluationWithSql, type DecisionOptions, type Evaluation } from '../../policy/decide.js';
import type { AccessRequest } from '../../policy/access-request.js';
import type { Policy } from '../../policy/policy.js';
import { Allowance } from '../allowance.js';
import { listedEvaluation, type EvaluationView } from './evaluation-view.js';

/** What policies say about a request. */
export interface AllEvaluations {
  /** In the order of the policies. */
  readonly evaluations: readonly EvaluationView[];
  /** Whether there was time for every policy. */
  readonly isComplete: boolean;
}

/**
 * What each of the policies says about a request, those included that no decision would ask. There may be
 * ten thousand, so that others get their turn in between, and what takes too long together is cut.
 *
 * @param known evaluations that need not be made again
 */
export async function evaluateAll(
  policies: readonly Policy[],
  request: AccessRequest,
  options: DecisionOptions,
  known: readonly Evaluation[],
  allowance: Pick<Allowance, 'isSpent' | 'share'> = new Allowance(),
): Promise<AllEvaluations> {
  const found = new Map(known.map((evaluation) => [evaluation.policyId, evaluation]));
  const evaluations: EvaluationView[] = [];
  for (const policy of policies) {
    if (allowance.isSpent) return { evaluations, isComplete: false };
    // One after the other, so that one request takes one connection of the database.
    const evaluation = found.get(policy.id) ?? (await evaluationWithSql(policy, request, options));
    evaluations.push(listedEvaluation(evaluation));
    await allowance.share();
  }
  return { evaluations, isComplete: true };
}
