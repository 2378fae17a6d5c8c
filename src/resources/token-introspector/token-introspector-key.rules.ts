import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Json, JsonObject } from '../../policy/json.js';
import type { RuleFindings } from './findings.js';
import {
  arrayAt,
  at,
  has,
  isObject,
  isPresent,
  objectAt,
  stringAt,
  stringsAt,
} from './json-members.js';
import {
  HMAC_ALGORITHMS,
  publicKeyAlgorithms,
  publicKeyFromPem,
  PUBLIC_KEY_ALGORITHMS,
  type JwsAlgorithm,
} from './verification-key.js';

const MAX_KEYS = 16;
const KEY_TYPE_OF: Readonly<Record<string, string>> = { rsa: 'RSA', ec: 'EC', ed25519: 'OKP' };
const STRONG_SECRET_BYTES = 32;

/** The rules of `jwt.secret`, `jwt.keys` and `jwt.algorithms`: each key fits its `kty`, `alg`, `format`. */
export function checkKeys(resource: JsonObject, findings: RuleFindings): void {
  const jwt = objectAt(resource, 'jwt');
  const keys = arrayAt(jwt, 'keys');
  if (has(jwt, 'keys') && keys.length === 0) findings.refuse('jwt.keys', 'A key must be given');
  if (keys.length > MAX_KEYS) findings.refuse('jwt.keys', `At most ${MAX_KEYS} keys may be given`);
  keys.slice(0, MAX_KEYS).forEach((key, index) => {
    checkKey(isObject(key) ? key : {}, `jwt.keys[${index}]`, findings);
  });
  const secret = stringAt(jwt, 'secret');
  if (secret !== undefined) checkSecret(secret, 'jwt.secret', findings);
  checkAlgorithms(resource, findings);
}

function checkKey(key: JsonObject, path: string, findings: RuleFindings): void {
  const isShared = at(key, 'kty') === 'OCT';
  const [wanted, unwanted] = isShared ? ['k', 'pub'] : ['pub', 'k'];
  const format = isShared ? 'plain' : 'PEM';
  const kty = stringAt(key, 'kty') ?? '';
  if (at(key, 'format') !== format) {
    findings.refuse(`${path}.format`, `A key of kty ${kty} has format ${format}`);
  }
  if (isPresent(key, unwanted)) {
    findings.refuse(`${path}.${unwanted}`, `A key of kty ${kty} has ${wanted}, not ${unwanted}`);
  }
  if (!isPresent(key, wanted)) {
    findings.refuse(`${path}.${wanted}`, `A key of kty ${kty} needs ${wanted}`, 'required');
  } else if (isShared) {
    checkSharedKey(key, path, findings);
  } else {
    checkPublicKey(key, path, findings);
  }
}

function checkSharedKey(key: JsonObject, path: string, findings: RuleFindings): void {
  if (!includes(HMAC_ALGORITHMS, at(key, 'alg'))) {
    findings.refuse(`${path}.alg`, `A key of kty OCT has alg ${HMAC_ALGORITHMS.join(', ')}`);
  }
  const k = stringAt(key, 'k');
  if (k !== undefined) checkSecret(k, `${path}.k`, findings);
}

function checkPublicKey(key: JsonObject, path: string, findings: RuleFindings): void {
  const pem = stringAt(key, 'pub') ?? '';
  const publicKey = publicKeyFromPem(pem);
  if (publicKey === undefined) {
    const message = pem.includes('PRIVATE KEY')
      ? 'This is a private key; send its public key only, and replace the pair'
      : 'This is no public key or certificate in PEM';
    findings.refuse(`${path}.pub`, message);
    return;
  }
  const kty = stringAt(key, 'kty') ?? '';
  if (KEY_TYPE_OF[publicKey.asymmetricKeyType ?? ''] !== kty) {
    findings.refuse(`${path}.kty`, `The key in pub is not of kty ${kty}`);
    return;
  }
  checkKeyAlgorithm(publicKey, at(key, 'alg'), path, findings);
}

function checkKeyAlgorithm(
  publicKey: KeyObject,
  alg: Json | undefined,
  path: string,
  findings: RuleFindings,
): void {
  const algorithms = publicKeyAlgorithms(publicKey);
  if (algorithms.length === 0) {
    findings.refuse(`${path}.pub`, 'The key is too weak (RSA needs 2048 bit) or of no use for JWS');
  } else if (!includes(algorithms, alg)) {
    findings.refuse(`${path}.alg`, `The key in pub verifies ${algorithms.join(', ')}`);
  }
}

function checkSecret(secret: string, path: string, findings: RuleFindings): void {
  if (isPublicMaterial(secret)) {
    // Anyone who has the public key could sign with it.
    findings.refuse(path, 'This is a key in PEM, not a shared secret; public keys go to jwt.keys');
  } else if (Buffer.byteLength(secret) < STRONG_SECRET_BYTES) {
    findings.warn(
      path,
      `The secret is shorter than ${STRONG_SECRET_BYTES} bytes and can be guessed`,
    );
  }
}

/** Whether a text is a key in PEM or a public key in DER, which anyone may have, and no shared secret. */
export function isPublicMaterial(secret: string): boolean {
  if (secret.includes('-----BEGIN')) return true;
  try {
    const der = Buffer.from(secret, 'base64');
    return createPublicKey({ key: der, format: 'der', type: 'spki' }).type === 'public';
  } catch {
    return false;
  }
}

function checkAlgorithms(resource: JsonObject, findings: RuleFindings): void {
  const jwt = objectAt(resource, 'jwt');
  const algorithms = stringsAt(jwt, 'algorithms');
  if (algorithms === undefined) return;
  const verifiable: readonly string[] = has(jwt, 'keys')
    ? arrayAt(jwt, 'keys').flatMap((key) => (isObject(key) ? (stringAt(key, 'alg') ?? []) : []))
    : isPresent(jwt, 'secret')
      ? HMAC_ALGORITHMS
      : PUBLIC_KEY_ALGORITHMS;
  if (!algorithms.some((alg) => verifiable.includes(alg))) {
    findings.refuse('jwt.algorithms', `The keys verify ${verifiable.join(', ')}, none of these`);
  }
}

function includes(algorithms: readonly JwsAlgorithm[], alg: Json | undefined): boolean {
  return algorithms.some((algorithm) => algorithm === alg);
}
