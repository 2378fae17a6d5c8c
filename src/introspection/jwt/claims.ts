import type { JsonObject } from '../../policy/json.js';
import {
  has,
  numberAt,
  stringAt,
  stringsAt,
} from '../../resources/token-introspector/json-members.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from '../refusal.js';
import { foreignPurpose } from './access-token.js';
import type { Jwt } from './jwt.js';

/** Some of what the claims of a token must fulfil under one introspector; `nowMs` since the epoch. */
export type ClaimRule = (
  jwt: Jwt,
  introspector: JwtIntrospector,
  nowMs: number,
) => RefusalCode | undefined;

/** The rules by what they are about, in the order in which they are asked. */
export const CLAIM_RULES = {
  issuer: ({ claims }, introspector) => issuerRefusal(claims, introspector),
  purpose: (jwt, introspector) => foreignPurpose(jwt, introspector),
  time: ({ claims }, introspector, nowMs) => timeRefusal(claims, introspector, nowMs / 1000),
  audience: ({ claims }, introspector) => audienceRefusal(claims, introspector),
  'required-claims': ({ claims }, introspector) => requiredClaimsRefusal(claims, introspector),
} as const satisfies Readonly<Record<string, ClaimRule>>;

const IN_ORDER: readonly ClaimRule[] = Object.values(CLAIM_RULES);

/**
 * Everything that a token must fulfil besides its signature, under one introspector (spec §2,
 * RFC 7519 §4.1, RFC 9068 §4). Asked on every request, whatever is remembered of the token.
 *
 * @param nowMs milliseconds since the epoch
 * @returns the first rule that is broken, undefined when none is
 */
export function claimsRefusal(
  jwt: Jwt,
  introspector: JwtIntrospector,
  nowMs: number,
): RefusalCode | undefined {
  for (const rule of IN_ORDER) {
    const refusal = rule(jwt, introspector, nowMs);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

// Routing chose the introspector by the issuer; that it fits is not left to routing alone.
function issuerRefusal(claims: JsonObject, introspector: JwtIntrospector): RefusalCode | undefined {
  const iss = stringAt(claims, 'iss');
  const isTrusted =
    introspector.iss === undefined
      ? iss === undefined || introspector.issuers.includes(iss)
      : iss === introspector.iss;
  return isTrusted ? undefined : 'unknown-issuer';
}

function timeRefusal(
  claims: JsonObject,
  introspector: JwtIntrospector,
  now: number,
): RefusalCode | undefined {
  const skew = introspector.clockSkewSeconds;
  const exp = numberAt(claims, 'exp');
  if (exp === undefined && introspector.expRequired) return 'missing-exp';
  if (exp !== undefined && exp <= now - skew) return 'expired';
  if ((numberAt(claims, 'nbf') ?? 0) > now + skew) return 'not-yet-valid';
  if ((numberAt(claims, 'iat') ?? 0) > now + skew) return 'issued-in-future';
  return undefined;
}

function audienceRefusal(
  claims: JsonObject,
  introspector: JwtIntrospector,
): RefusalCode | undefined {
  if (introspector.aud.length === 0) return undefined;
  const aud = stringsAt(claims, 'aud') ?? [];
  return aud.some((entry) => introspector.aud.includes(entry)) ? undefined : 'wrong-audience';
}

function requiredClaimsRefusal(
  claims: JsonObject,
  introspector: JwtIntrospector,
): RefusalCode | undefined {
  const isThere = (name: string): boolean => has(claims, name) && claims[name] !== null;
  return introspector.requiredClaims.every(isThere) ? undefined : 'missing-claim';
}
