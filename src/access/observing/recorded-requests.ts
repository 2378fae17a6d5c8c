import { Injectable } from '@nestjs/common';
import type { AccessRequest } from '../../policy/access-request.js';
import { own, ownString } from '../../policy/json.js';
import { callerName } from '../caller-name.js';
import type { DecidedTrace } from '../tracing/decision-trace.js';
import { DecisionTraces } from '../tracing/decision-traces.js';

/** A request that was decided lately. */
export interface RecordedRequest {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** In a word, as in the log. */
  readonly caller: string;
  /** What policies saw, without credentials and the secrets of a body. */
  readonly request: AccessRequest;
  /** Whether a part of it was too large to be kept, so that what policies say of it cannot be told again. */
  readonly isIncomplete: boolean;
  readonly effect: 'allow' | 'deny';
  /** Whether a policy that decides must speak of administration. */
  readonly administration: boolean;
}

const MAX_REQUESTS = 1_000;

/** Requests that policies decided lately on this instance, to try policies on. */
@Injectable()
export class RecordedRequests {
  constructor(private readonly traces: DecisionTraces) {}

  /** The newest first, a thousand at most. */
  recent(): readonly RecordedRequest[] {
    const recent: RecordedRequest[] = [];
    for (const trace of this.traces.latest()) {
      if (recent.length >= MAX_REQUESTS) break;
      // What was only asked about (AuthZEN) was no request.
      const isRequest = trace.request.evaluation === undefined;
      if (trace.kind === 'decided' && isRequest) recent.push(recorded(trace));
    }
    return recent;
  }
}

function recorded(trace: DecidedTrace): RecordedRequest {
  const { requestId, atMs, request, cut, decision, administration } = trace;
  return {
    requestId,
    time: atMs,
    caller: nameOf(trace),
    request,
    isIncomplete: cut.length > 0,
    effect: decision.effect,
    administration,
  };
}

function nameOf({ request, caller }: DecidedTrace): string {
  const { introspectorId } = caller;
  return callerName({
    user: named(request, 'user'),
    client: named(request, 'client'),
    introspectorId,
  });
}

function named(request: AccessRequest, who: 'user' | 'client'): { id: string } | undefined {
  const id = ownString(own(request, who), 'id');
  return id === undefined ? undefined : { id };
}
