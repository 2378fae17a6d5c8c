import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../policy/json.js';
import {
  arrayAt,
  at,
  has,
  isObject,
  stringAt,
} from '../../resources/token-introspector/json-members.js';
import type { KeySource, LocalKey } from '../../resources/token-introspector/token-introspector.js';
import {
  HMAC_ALGORITHMS,
  publicKeyAlgorithms,
  publicKeyFromJwk,
  publicKeyFromPem,
  type JwsAlgorithm,
} from '../../resources/token-introspector/verification-key.js';

/** A key with the algorithms that it, and not the token, allows. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly key: KeyObject;
}

/** The keys of one introspector. */
export interface KeySet {
  /** Changes with the key material. */
  readonly revision: string;
  /** `published`: a token names its key; `local`: every key of its algorithm is tried. */
  readonly kind: 'local' | 'published';
  readonly keys: readonly VerificationKey[];
}

const MAX_LOCAL_KEYS = 16;
const MAX_PUBLISHED_KEYS = 256;

/** The keys that a resource holds itself. */
export function localKeySet(source: KeySource & { kind: 'secret' | 'keys' }): KeySet {
  const keys =
    source.kind === 'secret'
      ? [{ kid: undefined, algorithms: HMAC_ALGORITHMS, key: secretKey(source.secret) }]
      : source.keys.slice(0, MAX_LOCAL_KEYS).flatMap((key) => localKey(key) ?? []);
  return { revision: digest(JSON.stringify(source)), kind: 'local', keys };
}

/**
 * The keys of a published JWK set (RFC 7517 §5) that may verify signatures. Symmetric keys, keys for
 * encryption, weak and unreadable ones are left out.
 *
 * @returns undefined when the document is no JWK set, or one of more than 256 keys.
 */
export function publishedKeySet(document: JsonObject): KeySet | undefined {
  const entries = at(document, 'keys');
  if (!Array.isArray(entries) || entries.length > MAX_PUBLISHED_KEYS) return undefined;
  if (!entries.every(isObject)) return undefined;
  const keys = arrayAt(document, 'keys').flatMap((jwk) => publishedKey(jwk as JsonObject) ?? []);
  return { revision: digest(JSON.stringify(entries)), kind: 'published', keys };
}

function localKey(entry: LocalKey): VerificationKey | undefined {
  const isShared = entry.kty === 'OCT';
  const key = isShared ? secretKey(entry.k) : publicKeyFromPem(entry.pub);
  if (key === undefined) return undefined;
  const possible = isShared ? HMAC_ALGORITHMS : publicKeyAlgorithms(key);
  const algorithms = possible.filter((alg) => alg === entry.alg);
  return algorithms.length === 0 ? undefined : { kid: undefined, algorithms, key };
}

function publishedKey(jwk: JsonObject): VerificationKey | undefined {
  if (!isForVerifying(jwk)) return undefined;
  const key = publicKeyFromJwk(jwk);
  if (key === undefined) return undefined;
  const algorithms = publicKeyAlgorithms(key).filter(
    (alg) => !has(jwk, 'alg') || at(jwk, 'alg') === alg,
  );
  return algorithms.length === 0 ? undefined : { kid: stringAt(jwk, 'kid'), algorithms, key };
}

function isForVerifying(jwk: JsonObject): boolean {
  const isSignature = !has(jwk, 'use') || at(jwk, 'use') === 'sig';
  const mayVerify = !has(jwk, 'key_ops') || arrayAt(jwk, 'key_ops').includes('verify');
  return isSignature && mayVerify;
}

function secretKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
