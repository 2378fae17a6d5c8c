import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../policy/json.js';
import { at } from '../../resources/token-introspector/json-members.js';
import type {
  EndpointIntrospector,
  TokenIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { vouchedFor } from '../introspection.js';
import { answerRefusal } from '../opaque/answer.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { callFailure } from './call-failure.js';
import { explainedAnswer } from './explain-answer.js';
import { checkEndpointRouting } from './check-routing.js';
import { found, shown, type CheckStep } from './check-step.js';
import { activity, clock, noToken, possession, SECRET_FIX } from './general-steps.js';
import type { IntrospectorFindings } from './introspector-findings.js';
import type { RecordedHttp } from './recorded-http.js';
import { claimsView } from './token-view.js';

/** What an introspection endpoint is tried with. */
export interface EndpointTrial {
  readonly introspector: EndpointIntrospector;
  /** Undefined: one that nobody issued is sent. */
  readonly token: string | undefined;
  /** All stored introspectors. */
  readonly all: readonly TokenIntrospector[];
  readonly nowMs: number;
}

/** Asks the introspection endpoint, and judges its answer as that to a request would be. */
export async function checkEndpoint(
  trial: EndpointTrial,
  http: RecordedHttp,
): Promise<IntrospectorFindings> {
  const { introspector, token } = trial;
  const answer = introspector.lacksSecret
    ? 'no-secret'
    : await ask(introspector, token ?? `wardgate-check-${randomUUID()}`, http);
  const own = [
    activity(introspector),
    endpointStep(introspector, answer, http),
    ...clock(introspector, http),
  ];
  if (token === undefined) return { steps: [...own, noToken()] };
  const steps = [...own, checkEndpointRouting(token, introspector, trial.all)];
  return isAnswer(answer) ? judged(trial, answer, steps) : { steps };
}

function judged(
  { introspector, nowMs }: EndpointTrial,
  answer: JsonObject,
  before: readonly CheckStep[],
): IntrospectorFindings {
  const refusal = answerRefusal(answer, introspector, nowMs);
  const token = claimsView(answer);
  if (refusal !== undefined) {
    return { steps: [...before, explainedAnswer(refusal, answer, introspector, nowMs)], token };
  }
  const vouches = found('token', 'token-active', 'The endpoint vouches for the token');
  const steps = [...before, vouches, possession(answer)];
  const isGood = steps.every(({ status }) => status !== 'failed');
  return { steps, token, ...(isGood ? { vouched: vouchedFor(answer, introspector) } : {}) };
}

/** A request would not ask either without the credential, and hand the endpoint somebody's token. */
type Answer = JsonObject | OutboundFailure | 'no-secret';

function isAnswer(answer: Answer): answer is JsonObject {
  return answer !== 'no-secret' && !(answer instanceof OutboundFailure);
}

async function ask(
  { url, authorization }: EndpointIntrospector,
  token: string,
  http: RecordedHttp,
): Promise<Answer> {
  try {
    return await http.postForm(url, {
      form: { token, token_type_hint: 'access_token' },
      headers: authorization === undefined ? {} : { authorization },
    });
  } catch (error) {
    if (error instanceof OutboundFailure) return error;
    throw error;
  }
}

function endpointStep(
  { url, authorization }: EndpointIntrospector,
  answer: Answer,
  http: RecordedHttp,
): CheckStep {
  if (answer === 'no-secret') return noSecret(url);
  if (!(answer instanceof OutboundFailure)) return answering(url, answer);
  if (answer.status !== 401 && answer.status !== 403) {
    return callFailure('endpoint', { url, failure: answer, refusal: http.refusalOf(url) });
  }
  const sent =
    authorization === undefined
      ? 'no Authorization header was sent'
      : 'the Authorization header was refused';
  return found(
    'endpoint',
    'credentials-refused',
    `${shown(url)} answers with status ${answer.status}: ${sent}`,
    'Write introspection_endpoint.authorization, such as Basic with client id and secret in base64; the client must be allowed to introspect',
  );
}

function noSecret(url: string): CheckStep {
  return found(
    'endpoint',
    'no-secret',
    `${shown(url)} is not asked: the secret that introspection_endpoint.authorization refers to cannot be used`,
    SECRET_FIX,
  );
}

function answering(url: string, answer: JsonObject): CheckStep {
  if (typeof at(answer, 'active') === 'boolean') {
    return found('endpoint', 'endpoint-answers', `${shown(url)} answers and takes the credentials`);
  }
  const fix = 'The endpoint must speak RFC 7662: its answer has active: true or false';
  return found('endpoint', 'answer-unusable', `${shown(url)} answers without saying active`, fix);
}
