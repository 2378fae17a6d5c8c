import type { JsonObject } from '../../policy/json.js';
import { has, objectAt, stringAt } from '../../resources/token-introspector/json-members.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from '../refusal.js';
import type { Jwt } from './jwt.js';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const REFRESH_MARKS = ['refresh', 'offline'];

/**
 * Whether a token says that it was made for something else than calling an API.
 *
 * - `typ` header: the introspector's `jwt.typ`; without it absent, `JWT` or `at+jwt` (RFC 9068 §4).
 * - ID tokens: claim `typ: ID` (Keycloak) or `token_use: id` (Cognito); `at_hash`, `c_hash`,
 *   `s_hash`, which OpenID Connect Core §3.1.3.6 and §3.3.2.11 give to ID tokens alone; `nonce` on a
 *   token that nothing else marks as an access token (older Keycloaks put it in both).
 * - Refresh tokens: claim `typ: Refresh` or `Offline` (Keycloak), `token_use: refresh`.
 * - Logout tokens: their event (OpenID Connect Back-Channel Logout §2.4).
 *
 * An ID token may carry none of these marks; only an audience keeps it out for certain.
 */
export function foreignPurpose(jwt: Jwt, introspector: JwtIntrospector): RefusalCode | undefined {
  if (!isExpectedTyp(jwt.header.typ, introspector.typ)) return 'wrong-type';
  if (has(objectAt(jwt.claims, 'events'), LOGOUT_EVENT)) return 'logout-token';
  const marks = purposeMarks(jwt.claims);
  if (REFRESH_MARKS.some((mark) => marks.includes(mark))) return 'refresh-token';
  if (marks.includes('logout')) return 'logout-token';
  return !introspector.acceptIdToken && isIdToken(jwt, marks) ? 'id-token' : undefined;
}

function isExpectedTyp(typ: string | undefined, expected: string | undefined): boolean {
  const given = typ && mediaType(typ);
  if (expected !== undefined) return given === mediaType(expected);
  return given === undefined || given === 'jwt' || given === 'at+jwt';
}

function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

function purposeMarks(claims: JsonObject): readonly (string | undefined)[] {
  return ['typ', 'token_use'].map((name) => stringAt(claims, name)?.toLowerCase());
}

function isIdToken(jwt: Jwt, marks: readonly (string | undefined)[]): boolean {
  const { claims, header } = jwt;
  if (marks.includes('id')) return true;
  if (['at_hash', 'c_hash', 's_hash'].some((name) => has(claims, name))) return true;
  const isMarkedAccessToken =
    marks.includes('bearer') ||
    marks.includes('access') ||
    (header.typ !== undefined && mediaType(header.typ) === 'at+jwt') ||
    has(claims, 'scope') ||
    has(claims, 'scp');
  return has(claims, 'nonce') && !isMarkedAccessToken;
}
