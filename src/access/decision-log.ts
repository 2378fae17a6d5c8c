import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { AccessRequest } from '../policy/access-request.js';
import type { Decision } from '../policy/decide.js';
import { callerName } from './caller-name.js';

/** One record a decision: who, what, and by which policy. Never a token, a query or a body. */
@Injectable()
export class DecisionLog {
  private readonly logger = new Logger('Decision');

  record(requestId: string, request: AccessRequest, caller: Caller, decision: Decision): void {
    this.logger.log({
      requestId,
      caller: callerName(caller),
      method: request['request-method'],
      uri: request.uri,
      effect: decision.effect,
      policy: decision.effect === 'allow' ? decision.policyId : undefined,
    });
  }
}
