import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { Tally } from '../../metrics/tally.js';
import type { AccessRequest } from '../../policy/access-request.js';
import type { Decision } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import { isObject, own } from '../../policy/json.js';
import { AdministratorRequired } from '../access-errors.js';
import { DecisionTraces } from '../tracing/decision-traces.js';
import { SubjectUnresolved } from './evaluated-subject.js';
import type { EvaluationAnswer } from './evaluation-answer.js';
import { EvaluationLog, type EvaluationAsker } from './evaluation-log.js';
import type { Evaluation } from './evaluation.js';

/** One evaluation with what it was decided by. */
export interface Evaluated {
  readonly asker: EvaluationAsker;
  readonly evaluation: Evaluation;
  /** What policies saw, or would have seen. */
  readonly request: AccessRequest;
  readonly answer: EvaluationAnswer;
  /** `undefined` where policies were not asked. */
  readonly decision: Decision | undefined;
  readonly policies: PolicySet;
  readonly administration: boolean;
}

/** Keeps what evaluations were answered and why, where decisions that take effect are kept. */
@Injectable()
export class EvaluationRecord {
  private readonly outcomes: Tally;

  constructor(
    private readonly log: EvaluationLog,
    private readonly traces: DecisionTraces,
    registry: MetricsRegistry,
  ) {
    this.outcomes = new Tally(registry, {
      name: 'wardgate_evaluations_total',
      help: 'Evaluations that other services asked for (AuthZEN): allow, or the reason of a denial',
      labels: ['operation', 'outcome'],
    });
  }

  /** Logs, counts and remembers one evaluation. */
  keep(evaluated: Evaluated): void {
    const { asker, evaluation, request, answer, decision } = evaluated;
    this.log.record(asker, evaluation, answer, decision);
    const operation = own(request.operation, 'id');
    this.outcomes.count(typeof operation === 'string' ? operation : 'none', outcomeOf(answer));
    this.trace(evaluated);
  }

  private trace({ asker, answer, decision, ...rest }: Evaluated): void {
    const { requestId, caller } = asker;
    const request = traceable(rest.request);
    if (decision) {
      this.traces.decided({ ...rest, requestId, request, caller, decision });
      return;
    }
    const error = refusalOf(answer);
    if (!error) return;
    const stage = error instanceof AdministratorRequired ? 'administrator' : 'subject';
    this.traces.refused({ requestId, stage, scheme: undefined, caller, error, request });
  }
}

/** Without what the context says twice: those members stand in their own places, headers without credentials. */
function traceable(request: AccessRequest): AccessRequest {
  const { evaluation = {} } = request;
  const context = own(evaluation, 'context');
  if (!isObject(context)) return request;
  const rest = Object.entries(context).filter(([name]) => own(request, name) === undefined);
  return { ...request, evaluation: { ...evaluation, context: Object.fromEntries(rest) } };
}

function outcomeOf(answer: EvaluationAnswer): string {
  if (answer.decision) return 'allow';
  return 'reason' in answer.context ? answer.context.reason : 'error';
}

function refusalOf(
  answer: EvaluationAnswer,
): AdministratorRequired | SubjectUnresolved | undefined {
  switch (outcomeOf(answer)) {
    case 'administrators-only':
      return new AdministratorRequired();
    case 'subject-unresolved':
      return new SubjectUnresolved();
    default:
      return undefined;
  }
}
