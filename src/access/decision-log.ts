import { Injectable, Logger } from '@nestjs/common';
import { callerName } from './caller-name.js';
import { correlationIdOf } from './correlation-id.js';
import { DecisionMetrics } from './decision-metrics.js';
import { DecisionTraces, type Decided, type TurnedAway } from './tracing/decision-traces.js';

/**
 * One line of the log a decision: who, what, and by which policy. Never a token, a query or a body. How it came
 * about is remembered for those who ask.
 */
@Injectable()
export class DecisionLog {
  private readonly logger = new Logger('Decision');

  constructor(
    private readonly metrics: DecisionMetrics,
    private readonly traces: DecisionTraces,
  ) {}

  record(decided: Decided): void {
    const { requestId, request, caller, decision } = decided;
    this.metrics.count(request, decision);
    this.traces.decided(decided);
    this.logger.log({
      requestId,
      correlationId: correlationIdOf(request),
      caller: callerName(caller),
      method: request['request-method'],
      uri: request.uri,
      effect: decision.effect,
      policy: decision.effect === 'allow' ? decision.policyId : undefined,
    });
  }

  /** Remembers a request that something else than the policies refused; who refused has logged it. */
  recordRefusal(turnedAway: TurnedAway): void {
    this.traces.refused(turnedAway);
  }
}
