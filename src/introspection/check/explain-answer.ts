import type { JsonObject } from '../../policy/json.js';
import { numberAt, stringAt, stringsAt } from '../../resources/token-introspector/json-members.js';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from '../refusal.js';
import { refusing, shown, type CheckStep } from './check-step.js';
import { seconds, sentence } from './explain-refusal.js';
import { issuerDifference } from './issuer-difference.js';

/** Why the answer of an introspection endpoint does not vouch for a token, and what to do about it. */
export function explainedAnswer(
  code: RefusalCode,
  answer: JsonObject,
  introspector: EndpointIntrospector,
  nowMs: number,
): CheckStep {
  if (code === 'inactive') {
    const fix =
      'It expired or was revoked, another server or realm issued it, or the client that asks may not see it: ' +
      'Keycloak says so of tokens whose audience does not name that client';
    return refusing('token', code, 'The endpoint says that the token is not active', fix);
  }
  if (code === 'expired') {
    const ago = seconds(nowMs / 1000 - (numberAt(answer, 'exp') ?? 0));
    const fix = 'Get a new token; set the clocks of both sides by NTP';
    return refusing(
      'token',
      code,
      `It expired ${ago} ago, and the endpoint says that it is active`,
      fix,
    );
  }
  if (code === 'unknown-issuer') {
    const { message, fix } = issuerDifference(introspector.iss ?? '', stringAt(answer, 'iss'));
    return refusing('token', code, message, fix);
  }
  if (code === 'wrong-audience') {
    const aud = (stringsAt(answer, 'aud') ?? []).slice(0, 16).map(shown).join(', ');
    const message = `It was issued for ${aud || 'nobody'}; ${introspector.aud.map(shown).join(' or ')} is expected`;
    return refusing(
      'token',
      code,
      message,
      'Ask the issuer for a token of this API, or correct jwt.aud',
    );
  }
  return refusing('token', code, sentence(code));
}
