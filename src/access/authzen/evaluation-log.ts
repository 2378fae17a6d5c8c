import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../../identity/caller.js';
import type { Decision } from '../../policy/decide.js';
import { callerName } from '../caller-name.js';
import type { EvaluationAnswer } from './evaluation-answer.js';
import type { Evaluation } from './evaluation.js';

/** Who asks, for the log. */
export interface EvaluationAsker {
  readonly requestId: string;
  readonly caller: Caller;
}

/** One record an evaluation: who asked about whom, what, and by which policy. Never properties or context. */
@Injectable()
export class EvaluationLog {
  private readonly logger = new Logger('Evaluation');

  record(
    { requestId, caller }: EvaluationAsker,
    { subject, action, resource }: Evaluation,
    answer: EvaluationAnswer,
    decision: Decision | undefined,
  ): void {
    this.logger.log({
      requestId,
      caller: callerName(caller),
      subject: `${subject.type}/${subject.id}`,
      action: action.name,
      resource: `${resource.type}/${resource.id}`,
      decision: answer.decision,
      policy: decision?.effect === 'allow' ? decision.policyId : undefined,
    });
  }
}
