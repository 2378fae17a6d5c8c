import type { Decision } from '../../policy/decide.js';
import type { AccessRequest } from '../../policy/access-request.js';
import {
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../../policy/json.js';
import type { AllEvaluations } from './evaluate-all.js';
import type { EvaluationView } from './evaluation-view.js';
import { redactRequest, redactSecretAt } from './redact-secrets.js';

/** Policies of which one line of the log speaks. */
const MAX_LOGGED = 1_000;

/** What is traced of one request: not only the policies up to the deciding one. */
export interface Traced extends AllEvaluations {
  readonly request: AccessRequest;
  readonly decision: Decision;
}

/** Answer of `?__debug=policy` (spec §8): thrown by the guard, so that no handler can run. */
export class PolicyTrace extends Error {
  constructor(readonly traced: JsonObject) {
    super('The decision was asked for instead of the answer');
    this.name = 'PolicyTrace';
  }
}

/** A decision as it is answered: `allow` with the deciding policy, or `deny` with none. */
export function decisionView(decision: Decision): {
  readonly decision: 'allow' | 'deny';
  readonly policy: string | null;
} {
  return {
    decision: decision.effect,
    policy: decision.effect === 'allow' ? decision.policyId : null,
  };
}

/** The request object and what every policy says about it, secrets redacted. */
export function traceView({ request, decision, evaluations, isComplete }: Traced): JsonObject {
  return {
    request: redactRequest(request),
    ...decisionView(decision),
    policies: evaluations.map(tracedPolicy),
    complete: isComplete,
  };
}

/** What every policy says, without the request and the values in it; for logs. */
export function traceRecord({ decision, evaluations, isComplete }: Traced): JsonObject {
  const logged = evaluations.slice(0, MAX_LOGGED);
  const policies = logged.map(({ id, applies, reason, 'eval-result': evalResult }) => ({
    ...{ id, applies, reason, evalResult },
  }));
  const complete = isComplete && logged.length === evaluations.length;
  return { ...decisionView(decision), policies, complete };
}

/** Both spellings of the result and of the id, because tools for the reference read either. */
function tracedPolicy(view: EvaluationView): JsonObject {
  const { mismatch, ...rest } = view;
  return {
    ...rest,
    'policy-id': view.id,
    evalResult: view['eval-result'],
    ...(isObject(mismatch) ? { mismatch: redactedMismatch(mismatch) } : {}),
  };
}

/** A mismatch without a secret that the request may hold at its path. */
export function redactedMismatch(mismatch: JsonObject): JsonObject {
  const path = own(mismatch, 'path');
  const steps = isArray(path) ? path.map(String) : [];
  const but = own(mismatch, 'but') ?? null;
  return { ...mismatch, but: redactedFound(steps, but) };
}

/** What a request has at a path, without what is secret there. */
export function redactedFound(steps: readonly string[], but: Json): Json {
  // The request as a whole would show its query string unread.
  if (steps.length === 0 && isObject(but)) return redactRequest(but);
  if (steps[0] === 'query-string' && typeof but === 'string') {
    return ownString(redactRequest({ 'query-string': but }), 'query-string') ?? null;
  }
  return steps[0] === 'headers' ? but : redactSecretAt(steps, but);
}
