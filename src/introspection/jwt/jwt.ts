import { hash } from 'node:crypto';
import type { JsonObject } from '../../policy/json.js';
import { has, stringAt } from '../../resources/token-introspector/json-members.js';
import type { RefusalCode } from '../refusal.js';
import { parseStrictJson } from '../strict-json.js';

/** A signed token as it reads, nothing of it verified. Holds no signature: it cannot be replayed. */
export interface Jwt {
  readonly header: JwsHeader;
  /** The claims, frozen. */
  readonly claims: JsonObject;
}

/** The parts of a JOSE header (RFC 7515 §4) that are looked at; keys in it are never used. */
export interface JwsHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
}

/** The compact serialisation taken apart (RFC 7515 §7.1). */
export interface CompactJws {
  readonly header: JwsHeader;
  /** All members of the header, for what is no access token. */
  readonly members: JsonObject;
  readonly payload: Uint8Array;
}

/** Longest token that is looked at, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

const STRING_CLAIMS = ['iss', 'sub', 'jti'];
const NUMBER_CLAIMS = ['exp', 'nbf', 'iat'];

/** Reads a token; the code says why it is no JWT that could be accepted. */
export function parseJwt(token: string): Jwt | RefusalCode {
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') return jws;
  const claims = parseStrictJson(jws.payload);
  if (claims === undefined) return 'malformed';
  if (!hasSoundClaims(claims)) return 'claim-type';
  return { header: jws.header, claims };
}

/**
 * Reads a compact JWS, strictly: canonical base64url, exactly three parts, an `alg`, no `crit`
 * (no extension is understood here, RFC 7515 §4.1.11) and no unencoded payload (RFC 7797).
 */
export function parseCompactJws(token: string): CompactJws | RefusalCode {
  if (token.length > MAX_TOKEN_LENGTH) return 'too-long';
  const parts = token.split('.', 6);
  const [header, payload, signature] = parts.map(decodeBase64Url);
  if (parts.length === 5 && header && isEncrypted(header)) return 'encrypted';
  if (parts.length !== 3 || !header || !payload || !signature?.length) return 'malformed';
  return soundJws(header, payload);
}

/** SHA-256 of a token: what is remembered of it. */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'base64url');
}

function soundJws(header: Uint8Array, payload: Uint8Array): CompactJws | RefusalCode {
  const members = parseStrictJson(header);
  if (members === undefined) return 'malformed';
  if (has(members, 'crit') || has(members, 'b64')) return 'critical-extension';
  const sound = soundHeader(members);
  return sound === undefined ? 'malformed' : { header: sound, members, payload };
}

/** Every encrypted token says how (RFC 7516 §4.1.2). */
function isEncrypted(header: Uint8Array): boolean {
  const members = parseStrictJson(header);
  return members !== undefined && has(members, 'alg') && has(members, 'enc');
}

function decodeBase64Url(part: string): Uint8Array | undefined {
  const bytes = Buffer.from(part, 'base64url');
  // Decoders skip what they do not know; only the one canonical spelling is taken.
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function soundHeader(members: JsonObject): JwsHeader | undefined {
  const alg = stringAt(members, 'alg');
  const isSound = ['kid', 'typ'].every((name) => isAbsentOr(members, name, 'string'));
  if (alg === undefined || !isSound) return undefined;
  return { alg, kid: stringAt(members, 'kid'), typ: stringAt(members, 'typ') };
}

/** Whether the registered claims (RFC 7519 §4.1) that are there have the type that they must have. */
export function hasSoundClaims(claims: JsonObject): boolean {
  return (
    STRING_CLAIMS.every((name) => isAbsentOr(claims, name, 'string')) &&
    NUMBER_CLAIMS.every((name) => isAbsentOr(claims, name, 'number')) &&
    hasSoundAudience(claims)
  );
}

function isAbsentOr(object: JsonObject, name: string, type: 'string' | 'number'): boolean {
  if (!has(object, name)) return true;
  const value = object[name];
  return typeof value === type && (type === 'string' || Number.isFinite(value));
}

function hasSoundAudience(claims: JsonObject): boolean {
  if (!has(claims, 'aud')) return true;
  const aud = claims['aud'];
  if (Array.isArray(aud)) return aud.every((entry) => typeof entry === 'string');
  return typeof aud === 'string';
}
