import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../policy/json.js';
import { at } from '../../resources/token-introspector/json-members.js';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { callFailure } from './call-failure.js';
import { found, shown, type CheckStep } from './check-step.js';
import { activity, clock, noToken } from './general-steps.js';
import type { IntrospectorFindings } from './introspector-findings.js';
import type { RecordedHttp } from './recorded-http.js';

/** Asks the introspection endpoint, about the given token or about one that nobody issued. */
export async function checkEndpoint(
  introspector: EndpointIntrospector,
  token: string | undefined,
  http: RecordedHttp,
): Promise<IntrospectorFindings> {
  const answer = await ask(introspector, token ?? `wardgate-check-${randomUUID()}`, http);
  const steps = [
    activity(introspector),
    endpointStep(introspector, answer, http),
    ...clock(introspector, http),
  ];
  return { steps: token === undefined ? [...steps, noToken()] : steps };
}

type Answer = JsonObject | OutboundFailure;

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

function answering(url: string, answer: JsonObject): CheckStep {
  if (typeof at(answer, 'active') === 'boolean') {
    return found('endpoint', 'endpoint-answers', `${shown(url)} answers and takes the credentials`);
  }
  const fix = 'The endpoint must speak RFC 7662: its answer has active: true or false';
  return found('endpoint', 'answer-unusable', `${shown(url)} answers without saying active`, fix);
}
