import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { JsonObject } from '../../policy/json.js';
import {
  at,
  has,
  isObject,
  numberAt,
  stringAt,
} from '../../resources/token-introspector/json-members.js';
import {
  publicKeyAlgorithms,
  publicKeyFromJwk,
} from '../../resources/token-introspector/verification-key.js';
import { parseCompactJws, tokenDigest, type CompactJws } from '../jwt/jwt.js';
import { verifySignature } from '../jwt/verify-signature.js';
import type { RefusalCode } from '../refusal.js';
import { parseStrictJson } from '../strict-json.js';
import { PROOF_ALGORITHMS } from './dpop-challenge.js';
import type { Evidence } from './presentation.js';

/** What a proof must fit. */
export interface ProofExpectation {
  readonly evidence: Pick<Evidence, 'method' | 'isTarget'>;
  /** The token that it comes with. */
  readonly token: string;
  /** `cnf.jkt` of that token. */
  readonly keyThumbprint: string;
  readonly nowMs: number;
  /** Milliseconds after `iat` for which it serves. */
  readonly lifetimeMs: number;
}

/** A proof that fits, except that it may have been used before. */
export interface VerifiedProof {
  readonly jti: string;
}

/** How far the clocks of senders may be off, in milliseconds, in either direction. */
export const PROOF_CLOCK_SKEW_MS = 30_000;

const MAX_PROOF_LENGTH = 8192;
const MAX_JTI_LENGTH = 256;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

interface Proof {
  readonly jws: CompactJws;
  readonly jwk: JsonObject;
  readonly claims: JsonObject;
}

/**
 * Checks one DPoP proof by all rules of RFC 9449 §4.3 but the nonce, which Wardgate does not issue.
 * The signature comes last, because it costs most; whether the proof was used before is not asked.
 *
 * @returns the first rule that is broken.
 */
export async function verifyProof(
  text: string,
  expected: ProofExpectation,
): Promise<VerifiedProof | RefusalCode> {
  const proof = parseProof(text);
  if (typeof proof === 'string') return proof;
  const refusal =
    requestRefusal(proof.claims, expected) ??
    timeRefusal(proof.claims, expected) ??
    (await keyRefusal(proof.jwk, expected)) ??
    (await signatureRefusal(text, proof));
  return refusal ?? { jti: stringAt(proof.claims, 'jti') ?? '' };
}

function parseProof(text: string): Proof | RefusalCode {
  if (text.length > MAX_PROOF_LENGTH) return 'proof-malformed';
  const jws = parseCompactJws(text);
  if (typeof jws === 'string') return 'proof-malformed';
  if (jws.header.typ !== 'dpop+jwt') return 'proof-type';
  const claims = parseStrictJson(jws.payload);
  if (claims === undefined || !hasSoundClaims(claims)) return 'proof-claims';
  const jwk = at(jws.members, 'jwk');
  if (!isObject(jwk) || PRIVATE_MEMBERS.some((name) => has(jwk, name))) return 'proof-key';
  return { jws, jwk, claims };
}

function hasSoundClaims(claims: JsonObject): boolean {
  const { length } = stringAt(claims, 'jti') ?? '';
  const hasStrings = ['htm', 'htu', 'ath'].every((name) => stringAt(claims, name) !== undefined);
  const hasTimes =
    Number.isFinite(numberAt(claims, 'iat')) &&
    ['exp', 'nbf'].every((name) => !has(claims, name) || Number.isFinite(numberAt(claims, name)));
  return length > 0 && length <= MAX_JTI_LENGTH && hasStrings && hasTimes;
}

function requestRefusal(
  claims: JsonObject,
  { evidence, token }: ProofExpectation,
): RefusalCode | undefined {
  if (stringAt(claims, 'htm') !== evidence.method) return 'proof-method';
  if (!evidence.isTarget(stringAt(claims, 'htu') ?? '')) return 'proof-target';
  return isSame(stringAt(claims, 'ath') ?? '', tokenDigest(token)) ? undefined : 'proof-token';
}

function timeRefusal(
  claims: JsonObject,
  { nowMs, lifetimeMs }: ProofExpectation,
): RefusalCode | undefined {
  const earliest = nowMs - PROOF_CLOCK_SKEW_MS;
  const latest = nowMs + PROOF_CLOCK_SKEW_MS;
  const iat = (numberAt(claims, 'iat') ?? Infinity) * 1000;
  const isInTime =
    iat > earliest - lifetimeMs &&
    iat <= latest &&
    (numberAt(claims, 'exp') ?? Infinity) * 1000 > earliest &&
    (numberAt(claims, 'nbf') ?? 0) * 1000 <= latest;
  return isInTime ? undefined : 'proof-time';
}

async function keyRefusal(
  jwk: JsonObject,
  { keyThumbprint }: ProofExpectation,
): Promise<RefusalCode | undefined> {
  try {
    const thumbprint = await calculateJwkThumbprint(jwk, 'sha256');
    return isSame(thumbprint, keyThumbprint) ? undefined : 'wrong-key';
  } catch {
    return 'proof-key';
  }
}

async function signatureRefusal(
  text: string,
  { jws, jwk }: Proof,
): Promise<RefusalCode | undefined> {
  const key = publicKeyFromJwk(jwk);
  const alg = key && proofAlgorithm(jws.header.alg, key);
  if (key === undefined) return 'proof-key';
  if (alg === undefined) return 'proof-algorithm';
  const keys = [{ kid: undefined, algorithms: [alg], key }];
  return (await verifySignature(text, { alg, keys })) ? undefined : 'proof-signature';
}

function proofAlgorithm(
  name: string,
  key: KeyObject,
): (typeof PROOF_ALGORITHMS)[number] | undefined {
  const possible = publicKeyAlgorithms(key);
  return PROOF_ALGORITHMS.find((alg) => alg === name && possible.includes(alg));
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
