import { PUBLIC_KEY_ALGORITHMS } from '../../resources/token-introspector/verification-key.js';

/** Algorithms that a DPoP proof may be signed with: asymmetric ones only (RFC 9449 §4.3). */
export const PROOF_ALGORITHMS = PUBLIC_KEY_ALGORITHMS;

/** The challenge that asks for a DPoP proof (RFC 9449 §7.1). */
export function dpopChallenge(error?: 'invalid_token' | 'invalid_dpop_proof'): string {
  const reason = error === undefined ? '' : `, error="${error}"`;
  return `DPoP realm="fhir"${reason}, algs="${PROOF_ALGORITHMS.join(' ')}"`;
}
