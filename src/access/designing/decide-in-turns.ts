import {
  decide,
  type Decision,
  type DecisionOptions,
  type Evaluation,
} from '../../policy/decide.js';
import type { AccessRequest } from '../../policy/access-request.js';
import { inEvaluationOrder } from '../../policy/evaluation-order.js';
import { DecisionWork } from '../../policy/matcho/work-limit.js';
import type { Policy } from '../../policy/policy.js';
import { Turns } from '../turns.js';

/**
 * Decides by policies that no index holds, as {@link decide} would by all of them at once: policies only grant,
 * so that asking one after the other in evaluation order comes to the same. Others get their turn in between,
 * however many policies there are.
 */
export async function decideInTurns(
  policies: readonly Policy[],
  request: AccessRequest,
  options: DecisionOptions,
  turns = new Turns(),
): Promise<Decision> {
  const { budget = {}, work = new DecisionWork() } = options;
  const shared = { ...options, budget, work };
  const considered: Evaluation[] = [];
  let reason: 'no-policy' | 'administration' = 'no-policy';
  for (const policy of inEvaluationOrder(policies)) {
    const decision = await decide([policy], request, shared);
    considered.push(...decision.considered);
    if (decision.effect === 'allow') return { ...decision, considered };
    if (decision.reason === 'administration') reason = 'administration';
    await turns.next();
  }
  return { effect: 'deny', reason, considered };
}
