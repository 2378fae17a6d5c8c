/** What may be wrong with a DPoP proof itself (RFC 9449 §4.3): `invalid_dpop_proof`. */
export const PROOF_REFUSALS = {
  'proof-count': 'it takes exactly one DPoP header',
  'proof-malformed': 'its DPoP proof is not a well-formed signed token',
  'proof-type': 'the typ of its DPoP proof is not dpop+jwt',
  'proof-claims': 'its DPoP proof lacks jti, htm, htu, iat or ath, or one is not what it should be',
  'proof-key': 'its DPoP proof has no usable public key in jwk',
  'proof-algorithm': 'the algorithm of its DPoP proof does not fit the key',
  'proof-method': 'its DPoP proof is made for another method',
  'proof-target': 'its DPoP proof is made for another URL',
  'proof-time': 'its DPoP proof is too old or from the future; compare the clocks',
  'proof-token': 'its DPoP proof is made for another token',
  'proof-signature': 'the signature of its DPoP proof does not verify',
  'proof-replayed': 'its DPoP proof was used before; make one for every request',
} as const;

/** Why a token is not accepted, in words that give away nothing of the configuration. */
export const REFUSALS = {
  'too-long': 'it is longer than 16384 characters',
  malformed: 'it is not a well-formed signed token',
  encrypted: 'encrypted tokens are not supported',
  'unknown-issuer': 'its issuer is not trusted here',
  'inactive-issuer': 'its issuer is not trusted here',
  inactive: 'it is not active',
  'wrong-type': 'its typ is not that of an access token',
  'critical-extension': 'it demands an extension that is not supported',
  'id-token': 'it is an ID token; send the access token',
  'refresh-token': 'it is a refresh token; send the access token',
  'logout-token': 'it is a logout token; send the access token',
  'proof-required': 'it is bound to a key; send it as DPoP with a proof',
  'not-bound': 'it is bound to no key; send it as Bearer',
  'unknown-confirmation': 'it is bound to its sender in a way that is not supported',
  'wrong-key': 'it is bound to another key than that of the DPoP proof',
  'certificate-required': 'it is bound to a client certificate, and none can be read',
  'wrong-certificate': 'it is bound to another client certificate',
  'claim-type': 'one of its registered claims has the wrong type',
  'missing-exp': 'it has no expiry',
  'missing-claim': 'a required claim is missing',
  expired: 'it has expired',
  'not-yet-valid': 'it is not valid yet',
  'issued-in-future': 'it was issued in the future; compare the clocks',
  'wrong-audience': 'it was issued for another audience',
  'wrong-algorithm': 'its algorithm does not fit the keys of its issuer',
  'unknown-key': 'the key that it names is not one of its issuer',
  'ambiguous-key': 'several keys of its issuer fit it',
  'wrong-signature': 'its signature does not verify',
  ...PROOF_REFUSALS,
} as const;

/** Reason code of a refusal, for traces. */
export type RefusalCode = keyof typeof REFUSALS;

/** One reason for which a token was not accepted, and by which introspector. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly introspectorId?: string;
}
