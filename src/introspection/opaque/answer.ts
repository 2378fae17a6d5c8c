import type { Json, JsonObject } from '../../policy/json.js';
import {
  at,
  has,
  isObject,
  numberAt,
  stringAt,
  stringsAt,
} from '../../resources/token-introspector/json-members.js';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { hasSoundClaims } from '../jwt/jwt.js';
import type { RefusalCode } from '../refusal.js';

const STRING_MEMBERS = ['client_id', 'username', 'token_type'];
const REFRESH_MARKS = ['refresh', 'refresh_token', 'offline'];
const ID_MARKS = ['id', 'id_token'];
const BOUND_TYPES = ['dpop', 'pop', 'mac'];
const LOGOUT_MARKS = ['logout', 'logout_token'];

/**
 * Why the answer of an introspection endpoint does not vouch for a token (RFC 7662 §2.2): only
 * `active: true` does, with members of the right type, and with the issuer and audience that the
 * introspector names. Asked again on every use, however long the answer has been kept.
 *
 * @param nowMs milliseconds since the epoch
 * @returns undefined when it vouches for the token now
 */
export function answerRefusal(
  answer: JsonObject,
  introspector: EndpointIntrospector,
  nowMs: number,
): RefusalCode | undefined {
  if (at(answer, 'active') !== true) return 'inactive';
  if (!hasSoundMembers(answer)) return 'claim-type';
  return (
    purposeRefusal(answer) ??
    issuerRefusal(answer, introspector) ??
    timeRefusal(answer, introspector, nowMs / 1000) ??
    audienceRefusal(answer, introspector)
  );
}

function hasSoundMembers(answer: JsonObject): boolean {
  const isSound = (name: string): boolean =>
    !has(answer, name) || stringAt(answer, name) !== undefined;
  return hasSoundClaims(answer) && STRING_MEMBERS.every(isSound) && hasSoundScope(answer);
}

// RFC 7662 has one string; some servers answer a list, as they put it into their JWTs.
function hasSoundScope(answer: JsonObject): boolean {
  if (!has(answer, 'scope')) return true;
  const scope = at(answer, 'scope');
  if (!Array.isArray(scope)) return typeof scope === 'string';
  return scope.every((entry) => typeof entry === 'string');
}

// The hint does not bind the endpoint (RFC 7662 §2.1): it vouches for refresh tokens, too.
function purposeRefusal(answer: JsonObject): RefusalCode | undefined {
  const marks = ['typ', 'token_use', 'token_type'].map((name) =>
    stringAt(answer, name)?.toLowerCase(),
  );
  const isMarked = (words: readonly string[]): boolean => words.some((it) => marks.includes(it));
  if (isMarked(REFRESH_MARKS)) return 'refresh-token';
  if (isMarked(ID_MARKS)) return 'id-token';
  if (!has(answer, 'cnf') && isMarked(BOUND_TYPES)) return 'wrong-type';
  return isMarked(LOGOUT_MARKS) ? 'logout-token' : undefined;
}

function issuerRefusal(answer: JsonObject, { iss }: EndpointIntrospector): RefusalCode | undefined {
  return iss === undefined || stringAt(answer, 'iss') === iss ? undefined : 'unknown-issuer';
}

// No skew for exp: who has just been asked has judged it by its own clock.
function timeRefusal(
  answer: JsonObject,
  { clockSkewSeconds }: EndpointIntrospector,
  now: number,
): RefusalCode | undefined {
  if ((numberAt(answer, 'exp') ?? Infinity) <= now) return 'expired';
  if ((numberAt(answer, 'nbf') ?? 0) > now + clockSkewSeconds) return 'not-yet-valid';
  return undefined;
}

function audienceRefusal(
  answer: JsonObject,
  introspector: EndpointIntrospector,
): RefusalCode | undefined {
  if (introspector.aud.length === 0) return undefined;
  const aud = stringsAt(answer, 'aud') ?? [];
  return aud.some((entry) => introspector.aud.includes(entry)) ? undefined : 'wrong-audience';
}

/**
 * The answer without the token itself, which some endpoints repeat: it would be kept with the answer
 * and shown to policies. Frozen like the original.
 */
export function withoutToken(answer: JsonObject, token: string): JsonObject {
  const kept = Object.entries(answer)
    .filter(([, value]) => value !== token)
    .map(([name, value]): [string, Json] => [name, stripped(value, token)]);
  return Object.freeze(Object.fromEntries(kept));
}

function stripped(value: Json, token: string): Json {
  if (Array.isArray(value)) {
    const entries = value as readonly Json[];
    return Object.freeze(entries.filter((it) => it !== token).map((it) => stripped(it, token)));
  }
  return isObject(value) ? withoutToken(value, token) : value;
}
