import { createHash, randomUUID, type JsonWebKey } from 'node:crypto';
import { signJwt, type SigningKey } from './token-signer.js';

/** The request that a proof is made for. */
export interface ProvenRequest {
  readonly method: string;
  readonly url: string;
  /** The access token that it goes with; none at a token endpoint. */
  readonly token?: string;
}

/** Members that win over those of a proper proof; undefined ones are left out. */
export interface ProofChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Makes a DPoP proof (RFC 9449 §4.2). */
export function dpopProof(
  key: SigningKey,
  { method, url, token }: ProvenRequest,
  { claims = {}, header = {} }: ProofChanges = {},
): string {
  const proper = {
    jti: randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
    ...(token === undefined ? {} : { ath: sha256(token) }),
  };
  const named = { typ: 'dpop+jwt', kid: undefined, jwk: publicJwk(key) };
  return signJwt(key, { ...proper, ...claims }, { ...named, ...header });
}

/** The public key in the members that its thumbprint is made of (RFC 7638 §3.2). */
export function publicJwk({ jwk: { kty, crv, x, y, n, e } }: SigningKey): JsonWebKey {
  return JSON.parse(JSON.stringify({ crv, e, kty, n, x, y })) as JsonWebKey;
}

/** `cnf.jkt` of tokens that are bound to a key. */
export function keyThumbprint(key: SigningKey): string {
  return sha256(JSON.stringify(publicJwk(key)));
}

/** SHA-256 in base64url. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
