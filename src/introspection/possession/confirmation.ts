import type { JsonObject } from '../../policy/json.js';
import { at, has, isObject, stringAt } from '../../resources/token-introspector/json-members.js';
import type { RefusalCode } from '../refusal.js';

/** To whom a token is bound; unbound when both are undefined. */
export interface Confirmation {
  /** SHA-256 thumbprint of the key that must sign a DPoP proof (RFC 9449 §6.1). */
  readonly keyThumbprint: string | undefined;
  /** SHA-256 thumbprint of the client's certificate (RFC 8705 §3.1). */
  readonly certificateThumbprint: string | undefined;
}

const UNBOUND: Confirmation = { keyThumbprint: undefined, certificateThumbprint: undefined };
const MEMBERS = ['jkt', 'x5t#S256'];
const SHA256 = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads `cnf` (RFC 7800 §3.1). Every member must be understood: one that is not may be the one that
 * binds the token.
 *
 * @param own what the token itself reads: an endpoint that leaves its `cnf` out of the answer does not
 * make a bound token one that anybody may use
 */
export function confirmationOf(
  claims: JsonObject,
  own: JsonObject = claims,
): Confirmation | RefusalCode {
  const answered = bindingOf(claims);
  if (own === claims || typeof answered === 'string') return answered;
  const written = bindingOf(own);
  return typeof written === 'string' ? written : both(answered, written);
}

function both(one: Confirmation, other: Confirmation): Confirmation | RefusalCode {
  const merged = {
    keyThumbprint: one.keyThumbprint ?? other.keyThumbprint,
    certificateThumbprint: one.certificateThumbprint ?? other.certificateThumbprint,
  };
  const agrees = ({ keyThumbprint: key, certificateThumbprint: certificate }: Confirmation) =>
    (key ?? merged.keyThumbprint) === merged.keyThumbprint &&
    (certificate ?? merged.certificateThumbprint) === merged.certificateThumbprint;
  return agrees(other) ? merged : 'unknown-confirmation';
}

function bindingOf(claims: JsonObject): Confirmation | RefusalCode {
  if (!has(claims, 'cnf')) return UNBOUND;
  const cnf = at(claims, 'cnf');
  if (!isObject(cnf) || !isUnderstood(cnf)) return 'unknown-confirmation';
  return { keyThumbprint: stringAt(cnf, 'jkt'), certificateThumbprint: stringAt(cnf, 'x5t#S256') };
}

function isUnderstood(cnf: JsonObject): boolean {
  const names = Object.keys(cnf);
  const isSound = (name: string): boolean =>
    MEMBERS.includes(name) && SHA256.test(stringAt(cnf, name) ?? '');
  return names.length > 0 && names.every(isSound);
}
