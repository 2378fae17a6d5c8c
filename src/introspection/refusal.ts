/** Why a token is not accepted, in words that give away nothing of the configuration. */
export const REFUSALS = {
  'too-long': 'it is longer than 16384 characters',
  malformed: 'it is not a well-formed signed token',
  encrypted: 'encrypted tokens are not supported',
  'unknown-issuer': 'its issuer is not trusted here',
  'inactive-issuer': 'its issuer is not trusted here',
  'wrong-type': 'its typ is not that of an access token',
  'critical-extension': 'it demands an extension that is not supported',
  'id-token': 'it is an ID token; send the access token',
  'refresh-token': 'it is a refresh token; send the access token',
  'logout-token': 'it is a logout token; send the access token',
  'proof-required': 'it is bound to a key whose proof is not supported',
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
} as const;

/** Reason code of a refusal, for traces. */
export type RefusalCode = keyof typeof REFUSALS;

/** One reason for which a token was not accepted, and by which introspector. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly introspectorId?: string;
}
