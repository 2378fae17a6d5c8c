import {
  constants,
  createHmac,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** A key that signs test tokens, in every form in which an introspector may hold its counterpart. */
export interface SigningKey {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly privateKey: KeyObject | string;
  /** SPKI in PEM; of a secret the secret itself. */
  readonly pem: string;
  /** Public JWK with `kid`, `alg` and `use`. */
  readonly jwk: JsonWebKey & { readonly kid?: string };
}

/** An RSA key for RS* or PS*. */
export function rsaKey(kid?: string, alg = 'RS256', bits = 2048): SigningKey {
  return keyPair(generateKeyPairSync('rsa', { modulusLength: bits }), alg, kid);
}

/** An EC key for ES256, ES384 or ES512. */
export function ecKey(kid?: string, alg: 'ES256' | 'ES384' | 'ES512' = 'ES256'): SigningKey {
  const namedCurve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg];
  return keyPair(generateKeyPairSync('ec', { namedCurve }), alg, kid);
}

/** An Ed25519 key. */
export function edKey(kid?: string): SigningKey {
  return keyPair(generateKeyPairSync('ed25519'), 'EdDSA', kid);
}

/** A shared secret. */
export function secretKey(secret: string, alg = 'HS256'): SigningKey {
  return { alg, kid: undefined, privateKey: secret, pem: secret, jwk: { kty: 'oct' } };
}

/** Signs claims, or any text in their place; header members given here win, undefined ones go. */
export function signJwt(
  key: SigningKey,
  claims: object | string,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const standard = { alg: key.alg, typ: 'JWT', ...(key.kid === undefined ? {} : { kid: key.kid }) };
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const input = `${base64url(JSON.stringify({ ...standard, ...header }))}.${base64url(payload)}`;
  return `${input}.${signature(key, input).toString('base64url')}`;
}

/** Claims that an ordinary access token carries, valid for five minutes from `nowMs`. */
export function accessClaims(iss: string, nowMs = Date.now()): Readonly<Record<string, unknown>> {
  const now = Math.floor(nowMs / 1000);
  return { iss, sub: 'some-user-id', aud: 'fhir', iat: now, exp: now + 300 };
}

/** The signature over a signing input, in the form that JWS wants. */
export function signature(key: SigningKey, input: string): Buffer {
  const hash = `sha${key.alg.slice(-3)}`;
  const data = Buffer.from(input);
  if (typeof key.privateKey === 'string') {
    return createHmac(hash, key.privateKey).update(data).digest();
  }
  switch (key.alg.slice(0, 2)) {
    case 'PS':
      return sign(hash, data, {
        key: key.privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, data, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
    case 'RS':
      return sign(hash, data, key.privateKey);
    default:
      return sign(null, data, key.privateKey);
  }
}

function keyPair(
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  alg: string,
  kid: string | undefined,
): SigningKey {
  const named = kid === undefined ? {} : { kid };
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), ...named, alg, use: 'sig' };
  const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return { alg, kid, privateKey: pair.privateKey, pem, jwk };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
