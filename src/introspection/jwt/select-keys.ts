import {
  JWS_ALGORITHMS,
  type JwsAlgorithm,
} from '../../resources/token-introspector/verification-key.js';
import type { RefusalCode } from '../refusal.js';
import type { JwsHeader } from './jwt.js';
import type { KeySet, VerificationKey } from './key-set.js';

/** The keys to try, all of them bound to `alg`; never empty. */
export interface KeySelection {
  readonly alg: JwsAlgorithm;
  readonly keys: readonly VerificationKey[];
}

/** Why no key may verify a token. */
export type KeyRefusal = Extract<RefusalCode, 'wrong-algorithm' | 'unknown-key' | 'ambiguous-key'>;

/**
 * Chooses the keys that may verify a token. The header only narrows what the keys allow: `jku`,
 * `x5u`, `x5c` and `jwk` are not even read.
 */
export function selectKeys(header: JwsHeader, keySet: KeySet): KeySelection | KeyRefusal {
  const alg = JWS_ALGORITHMS.find((algorithm) => algorithm === header.alg);
  if (alg === undefined) return 'wrong-algorithm';
  switch (keySet.kind) {
    case 'local':
      return selection(alg, keySet.keys.filter(verifies(alg)));
    case 'published':
      return header.kid === undefined
        ? onlyFittingKey(alg, keySet.keys)
        : namedKey(alg, header.kid, keySet.keys);
  }
}

function namedKey(
  alg: JwsAlgorithm,
  kid: string,
  keys: readonly VerificationKey[],
): KeySelection | KeyRefusal {
  const named = keys.filter((key) => key.kid === kid);
  if (named.length === 0) return 'unknown-key';
  if (named.length > 1) return 'ambiguous-key';
  return selection(alg, named.filter(verifies(alg)));
}

function onlyFittingKey(
  alg: JwsAlgorithm,
  keys: readonly VerificationKey[],
): KeySelection | KeyRefusal {
  const fitting = keys.filter(verifies(alg));
  return fitting.length > 1 ? 'ambiguous-key' : selection(alg, fitting);
}

function selection(alg: JwsAlgorithm, keys: readonly VerificationKey[]): KeySelection | KeyRefusal {
  return keys.length === 0 ? 'wrong-algorithm' : { alg, keys };
}

function verifies(alg: JwsAlgorithm): (key: VerificationKey) => boolean {
  return (key) => key.algorithms.includes(alg);
}
