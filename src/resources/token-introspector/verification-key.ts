import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isFlawedModulus } from './flawed-modulus.js';

/** HMAC algorithms (RFC 7518 §3.2): only ever with a shared secret. */
export const HMAC_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

/** Signature algorithms (RFC 7518 §3.3–3.5, RFC 8037, RFC 9864): only ever with a public key. */
export const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** Every `alg` that a token may be signed with; `none` is no algorithm. */
export const JWS_ALGORITHMS = [...HMAC_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS] as const;

/** A JWS `alg` value (RFC 7518 §3.1). */
export type JwsAlgorithm = (typeof JWS_ALGORITHMS)[number];

const RSA_ALGORITHMS: readonly JwsAlgorithm[] = PUBLIC_KEY_ALGORITHMS.filter((alg) =>
  /^[RP]S/.test(alg),
);
const CURVE_ALGORITHMS: ReadonlyMap<string | undefined, readonly JwsAlgorithm[]> = new Map([
  ['prime256v1', ['ES256']],
  ['secp384r1', ['ES384']],
  ['secp521r1', ['ES512']],
]);
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16_384;

/**
 * The algorithms that a public key may verify, decided by the key alone and never by a token.
 *
 * @returns an empty list for a key that verifies nothing here: RSA outside 2048–16384 bit, with
 * exponent 1 or a modulus that can be factored, a curve that no algorithm uses, any other kind of
 * key.
 */
export function publicKeyAlgorithms(key: KeyObject): readonly JwsAlgorithm[] {
  if (key.type !== 'public') return [];
  const kind = key.asymmetricKeyType;
  if (kind === 'rsa') return isSoundRsa(key) ? RSA_ALGORITHMS : [];
  if (kind === 'ec') return CURVE_ALGORITHMS.get(key.asymmetricKeyDetails?.namedCurve) ?? [];
  return kind === 'ed25519' ? ['EdDSA', 'Ed25519'] : [];
}

/**
 * Reads a public key from PEM: SPKI, PKCS#1 or an X.509 certificate.
 *
 * @returns undefined for anything else, a private key included: what is stored must not sign.
 */
export function publicKeyFromPem(pem: string): KeyObject | undefined {
  if (!pem.includes('-----BEGIN') || pem.includes('PRIVATE KEY')) return undefined;
  try {
    return createPublicKey({ key: pem, format: 'pem' });
  } catch {
    return undefined;
  }
}

/**
 * Reads a public key from a JWK (RFC 7517); private members are left out before anything sees them.
 *
 * @returns undefined when it is symmetric, incomplete, or no point on its curve.
 */
export function publicKeyFromJwk(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  try {
    return createPublicKey({ key: publicMembers(jwk), format: 'jwk' });
  } catch {
    return undefined;
  }
}

function publicMembers(jwk: Readonly<Record<string, unknown>>): JsonWebKey {
  const members: Record<string, string> = {};
  for (const name of ['kty', 'crv', 'n', 'e', 'x', 'y']) {
    const value = jwk[name];
    if (typeof value === 'string') members[name] = value;
  }
  return members;
}

function isSoundRsa(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  const isSized = bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
  return isSized && exponent >= 3n && !isFlawedModulus(modulus(key));
}

function modulus(key: KeyObject): bigint {
  const { n = '' } = key.export({ format: 'jwk' });
  return BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`);
}
