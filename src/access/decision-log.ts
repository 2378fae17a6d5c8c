import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { AccessRequest } from '../policy/access-request.js';
import type { Decision } from '../policy/decide.js';
import { own } from '../policy/json.js';
import { callerName } from './caller-name.js';
import { DecisionMetrics } from './decision-metrics.js';

/** One record a decision: who, what, and by which policy. Never a token, a query or a body. */
@Injectable()
export class DecisionLog {
  private readonly logger = new Logger('Decision');

  constructor(private readonly metrics: DecisionMetrics) {}

  record(requestId: string, request: AccessRequest, caller: Caller, decision: Decision): void {
    this.metrics.count(request, decision);
    this.logger.log({
      requestId,
      correlationId: correlationId(request),
      caller: callerName(caller),
      method: request['request-method'],
      uri: request.uri,
      effect: decision.effect,
      policy: decision.effect === 'allow' ? decision.policyId : undefined,
    });
  }
}

/** The client's own id of the request, which is believed by nobody but helps to find it in both logs. */
function correlationId({ headers }: AccessRequest): string | undefined {
  const value = own(headers, 'x-request-id');
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined;
}
