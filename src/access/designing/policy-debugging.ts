import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../../identity/caller.js';
import { prune, type AccessRequest } from '../../policy/access-request.js';
import { isObject, type JsonObject } from '../../policy/json.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import { SqlPolicies } from '../../resources/access-policy/sql/sql-policies.js';
import { AccessSettings } from '../access-settings.js';
import type { IncomingRequest } from '../incoming-request.js';
import { evaluateAll } from './evaluate-all.js';
import { PolicyTrace, traceRecord, traceView, type Traced } from './policy-trace.js';

const PARAMETER = '__debug';
const HEADER = 'x-debug';
const SUBJECT = 'policy';

/**
 * Shows how policies judge a request, in development mode only (spec §8): `?__debug=policy` answers it
 * instead of executing the request, `x-debug: policy` logs it and changes nothing.
 */
@Injectable()
export class PolicyDebugging {
  private readonly logger = new Logger('PolicyTrace');

  constructor(
    private readonly settings: AccessSettings,
    private readonly policies: PolicyRegistry,
    private readonly sql: SqlPolicies,
  ) {}

  /**
   * Does what the request asks for, if it may.
   *
   * @param isAdministration whether a policy that decides must speak of administration
   * @throws PolicyTrace in place of what would have been answered. Never for an anonymous caller.
   */
  async trace(
    incoming: IncomingRequest,
    request: AccessRequest,
    caller: Caller,
    isAdministration: boolean,
  ): Promise<void> {
    if (!this.settings.isDevMode) return;
    const isAnswered = caller.kind !== 'anonymous' && incoming.query[PARAMETER] === SUBJECT;
    const isLogged = incoming.peer.headers[HEADER] === SUBJECT;
    if (!isAnswered && !isLogged) return;

    const judged = isAnswered ? withoutParameter(request) : request;
    const traced = await this.judge(judged, isAdministration);
    if (isLogged) this.logger.log({ requestId: incoming.id, ...traceRecord(traced) });
    if (isAnswered) throw new PolicyTrace(traceView(traced));
  }

  private async judge(request: AccessRequest, isAdministration: boolean): Promise<Traced> {
    const administration = isAdministration && this.settings.isStrictAdministration;
    const policies = this.policies.current();
    // However many policies there are, one request has the time of one decision.
    const options = { administration, sql: this.sql, budget: {} };
    // Before the others are asked, so that these cannot use up the time in which the guard would decide.
    const decision = await policies.decide(request, options);
    const all = await evaluateAll(policies.all, request, options, decision.considered);
    return { request, decision, ...all };
  }
}

/** The request as it would be without the parameter that asks for the trace. */
function withoutParameter(request: AccessRequest): AccessRequest {
  const query = (request['query-string'] ?? '')
    .split('&')
    .filter((pair) => !pair.startsWith(`${PARAMETER}=`))
    .join('&');
  const params: JsonObject = Object.fromEntries(
    Object.entries(request.params ?? {}).filter(([name]) => name !== PARAMETER),
  );
  const pruned = prune({ ...request, 'query-string': query, params });
  return isObject(pruned) ? pruned : {};
}
