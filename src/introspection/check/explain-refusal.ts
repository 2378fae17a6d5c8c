import type { JsonObject } from '../../policy/json.js';
import {
  at,
  has,
  numberAt,
  stringAt,
  stringsAt,
} from '../../resources/token-introspector/json-members.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { Jwt } from '../jwt/jwt.js';
import { REFUSALS, type RefusalCode } from '../refusal.js';
import { refusing, shown, type CheckStep, type CheckStepName } from './check-step.js';
import { issuerDifference } from './issuer-difference.js';

/** A token that was read, and under which introspector and when it is judged. */
export interface JudgedToken {
  readonly jwt: Jwt;
  readonly introspector: JwtIntrospector;
  readonly nowMs: number;
}

interface Explanation {
  readonly message: string;
  readonly fix?: string;
}

const CLOCKS = 'Set the clocks of both sides by NTP; jwt.clock_skew allows for a difference';
const SEND_ACCESS_TOKEN = 'Send the access token of the answer of the token endpoint';
const LIGHTWEIGHT =
  'A lightweight access token of Keycloak lacks claims: switch "Always use lightweight access token" off, ' +
  'or have the mapper add the claim to lightweight tokens';

const EXPLANATIONS: Readonly<Partial<Record<RefusalCode, (token: JudgedToken) => Explanation>>> = {
  'unknown-issuer': otherIssuer,
  'wrong-type': ({ jwt, introspector }) => ({
    message: `Its typ is ${shown(jwt.header.typ)}, ${introspector.typ === undefined ? 'JWT or at+jwt' : shown(introspector.typ)} is expected`,
    fix: `${SEND_ACCESS_TOKEN}; jwt.typ says which typ is expected`,
  }),
  'id-token': () => ({
    message: 'It is an ID token, which tells a client who signed in and opens no API',
    fix: `${SEND_ACCESS_TOKEN}; accept_id_token takes ID tokens all the same, and then jwt.aud must be set`,
  }),
  'refresh-token': () => ({ message: 'It is a refresh token', fix: SEND_ACCESS_TOKEN }),
  expired: ({ jwt, nowMs }) => ({
    message: `It expired ${seconds(nowMs / 1000 - (numberAt(jwt.claims, 'exp') ?? 0))} ago`,
    fix: `Get a new token. ${CLOCKS}`,
  }),
  'not-yet-valid': ({ jwt, nowMs }) => ({
    message: `It becomes valid in ${seconds((numberAt(jwt.claims, 'nbf') ?? 0) - nowMs / 1000)} (nbf)`,
    fix: CLOCKS,
  }),
  'issued-in-future': ({ jwt, nowMs }) => ({
    message: `It was issued ${seconds((numberAt(jwt.claims, 'iat') ?? 0) - nowMs / 1000)} from now (iat)`,
    fix: CLOCKS,
  }),
  'missing-exp': () => ({
    message: 'It has no exp',
    fix: 'Have the issuer add exp; jwt.exp_required: false accepts such tokens, for ever',
  }),
  'wrong-audience': otherAudience,
  'missing-claim': ({ jwt, introspector }) => ({
    message: `It lacks ${missingClaims(jwt.claims, introspector).map(shown).join(', ')}, which jwt.required_claims demands`,
    fix: `Have the issuer add them, or demand less. ${LIGHTWEIGHT}`,
  }),
};

/** The refusal of a token that was read, explained by what the token and the introspector say. */
export function explained(step: CheckStepName, code: RefusalCode, token: JudgedToken): CheckStep {
  const explain = EXPLANATIONS[code];
  if (explain === undefined) return refusing(step, code, sentence(code));
  const { message, fix } = explain(token);
  return refusing(step, code, message, fix);
}

/** The sentence that callers are told, with a capital. */
export function sentence(code: RefusalCode): string {
  const words = REFUSALS[code];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function otherIssuer({ jwt, introspector }: JudgedToken): Explanation {
  const iss = stringAt(jwt.claims, 'iss');
  if (introspector.iss !== undefined) return issuerDifference(introspector.iss, iss);
  return {
    message: `Its issuer ${shown(iss)} is none of jwt.issuers: ${introspector.issuers.map(shown).join(', ') || 'there are none'}`,
    fix: 'Add the issuer to jwt.issuers, or write an introspector with this jwt.iss',
  };
}

function otherAudience({ jwt, introspector }: JudgedToken): Explanation {
  const expected = introspector.aud.map(shown).join(' or ');
  const aud = stringsAt(jwt.claims, 'aud') ?? [];
  if (aud.length > 0) {
    return {
      message: `It was issued for ${aud.slice(0, 16).map(shown).join(', ')}; ${expected} is expected`,
      fix: 'Ask the issuer for a token of this API, or correct jwt.aud if that is this API. In Keycloak add an Audience mapper to the client or to one of its client scopes',
    };
  }
  if (at(jwt.claims, 'token_use') === 'access' && has(jwt.claims, 'client_id')) {
    return {
      message: `It has no aud, as access tokens of Cognito; ${expected} is expected`,
      fix: 'Leave jwt.aud out, and name client_id in your policies: see docs/providers/cognito.md',
    };
  }
  return {
    message: `It has no aud; ${expected} is expected`,
    fix: `In Keycloak add an Audience mapper to the client or to one of its client scopes. ${LIGHTWEIGHT}`,
  };
}

function missingClaims(claims: JsonObject, { requiredClaims }: JwtIntrospector): readonly string[] {
  return requiredClaims.filter((name) => !has(claims, name) || claims[name] === null);
}

/** A length of time, rounded, as a person reads it. */
export function seconds(count: number): string {
  return `${Math.round(count)} s`;
}
