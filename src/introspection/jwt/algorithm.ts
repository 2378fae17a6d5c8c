import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import {
  JWS_ALGORITHMS,
  PUBLIC_KEY_ALGORITHMS,
} from '../../resources/token-introspector/verification-key.js';
import type { KeyRefusal } from './select-keys.js';

/**
 * Whether any key that the introspector could have may verify a token of this `alg` (RFC 8725 §3.1);
 * one that none may is refused before its issuer is asked for keys.
 */
export function algorithmRefusal(
  alg: string,
  { keySource, algorithms }: JwtIntrospector,
): KeyRefusal | undefined {
  const isPublished = keySource.kind === 'jwks' || keySource.kind === 'discovery';
  // What is published is no secret: HMAC with it would let anyone sign.
  const possible = isPublished ? PUBLIC_KEY_ALGORITHMS : JWS_ALGORITHMS;
  const isPossible = possible.some((algorithm) => algorithm === alg);
  const isListed = algorithms?.some((algorithm) => algorithm === alg) ?? true;
  return isPossible && isListed ? undefined : 'wrong-algorithm';
}
