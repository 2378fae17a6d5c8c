import {
  ecKey,
  edKey,
  rsaKey,
  secretKey,
  signature,
  signJwt,
  type SigningKey,
} from '../token-signer.js';
import { ALGORITHMS, isHmac, LIFETIME_SECONDS, SKEW_SECONDS, type Algorithm } from './cells.js';

/** What is wrong with a token, as far as the rules of the specification tell defects apart. */
export type Flaw =
  /** Nothing: it is accepted as long as it lives. */
  | { readonly kind: 'none' }
  /** It is no sound token of the issuer for this API, whoever signed it. */
  | { readonly kind: 'unsound' }
  /** Sound, but the issuer's key did not sign what it says; `bears`: an `alg` other than the key's. */
  | { readonly kind: 'forged'; readonly bears?: Algorithm }
  /** Sound and signed, but bound to a sender who does not show it: bad, whoever could be asked. */
  | { readonly kind: 'unproven' }
  /** Sound and signed, naming a key that nobody has. */
  | { readonly kind: 'unknown kid' }
  /** Sound, signed by the issuer's key of this algorithm, naming the key under test. */
  | { readonly kind: 'signed with'; readonly alg: Algorithm };

/** One way to spoil a token, or to vary it without spoiling it. */
export interface Variant {
  readonly name: string;
  readonly flaw: Flaw;
  /** @param key the key under test */
  readonly token: (key: SigningKey, now: number) => string;
}

export const ISSUER = 'https://auth.example.com';
export const AUDIENCE = 'fhir';
export const REQUIRED_CLAIM = 'tenant';

const NONE: Flaw = { kind: 'none' };
const UNSOUND: Flaw = { kind: 'unsound' };
const FORGED: Flaw = { kind: 'forged' };
const UNPROVEN: Flaw = { kind: 'unproven' };
const FAR_FUTURE_SECONDS = 1000;
const SECRET = 'a secret that both sides know, at least as long as SHA-512 wants it to be';

const ISSUERS_KEYS = keyRing('issuer');
const ROTATED_KEYS = keyRing('rotated');
const ATTACKERS_KEYS = keyRing('issuer', 'another secret, known to the attacker alone');

/** The key of an algorithm that the issuer signs with. */
export const issuersKey = (alg: Algorithm): SigningKey => keyOf(ISSUERS_KEYS, alg);
/** The key of the same algorithm that replaces it. */
export const rotatedKey = (alg: Algorithm): SigningKey => keyOf(ROTATED_KEYS, alg);
const attackersKey = (alg: Algorithm): SigningKey => keyOf(ATTACKERS_KEYS, alg);

/** The claims of a sound token, made at a moment in seconds. */
export function soundClaims(now: number): Readonly<Record<string, unknown>> {
  return {
    iss: ISSUER,
    sub: 'u1',
    aud: AUDIENCE,
    [REQUIRED_CLAIM]: 't',
    iat: now,
    nbf: now,
    exp: now + LIFETIME_SECONDS,
  };
}

/** Every variant; the first is the sound token that all others are controlled by. */
export const VARIANTS: readonly Variant[] = [
  ...claimVariants('sound', NONE, () => ({})),
  ...claimVariants('with several audiences', NONE, () => ({ aud: ['other', AUDIENCE] })),
  ...claimVariants('valid soon, within the skew', NONE, (now) => ({ nbf: now + SKEW_SECONDS })),
  ...claimVariants('issued by a clock that is ahead', NONE, (now) => ({ iat: now + SKEW_SECONDS })),
  ...headerVariants('of the type of RFC 9068', NONE, { typ: 'at+jwt' }),
  ...headerVariants('without type', NONE, { typ: undefined }),
  ...headerVariants('without kid', NONE, { kid: undefined }),
  ...headerVariants('with an unknown kid', { kind: 'unknown kid' }, { kid: 'unknown' }),
  ...claimVariants('of another issuer', UNSOUND, () => ({ iss: 'https://other.example.com' })),
  ...claimVariants('of an issuer spelt otherwise', UNSOUND, () => ({ iss: `${ISSUER}/` })),
  ...claimVariants('without issuer', UNSOUND, () => ({ iss: undefined })),
  ...claimVariants('without expiry', UNSOUND, () => ({ exp: undefined })),
  ...claimVariants('with an expiry in words', UNSOUND, () => ({ exp: '9999999999' })),
  ...claimVariants('expired before', UNSOUND, (now) => ({ exp: now - SKEW_SECONDS })),
  ...claimVariants('not valid for long', UNSOUND, (now) => ({ nbf: now + FAR_FUTURE_SECONDS })),
  ...claimVariants('issued in the future', UNSOUND, (now) => ({ iat: now + FAR_FUTURE_SECONDS })),
  ...claimVariants('for another audience', UNSOUND, () => ({ aud: ['other'] })),
  ...claimVariants('without audience', UNSOUND, () => ({ aud: undefined })),
  ...claimVariants('without a required claim', UNSOUND, () => ({ [REQUIRED_CLAIM]: undefined })),
  ...claimVariants('with an empty required claim', UNSOUND, () => ({ [REQUIRED_CLAIM]: null })),
  ...claimVariants('bound to a key', UNPROVEN, () => ({ cnf: { jkt: 'thumbprint' } })),
  ...claimVariants('for refreshing', UNSOUND, () => ({ typ: 'Refresh' })),
  ...claimVariants('for the client', UNSOUND, () => ({ token_use: 'id' })),
  ...headerVariants('of another type', UNSOUND, { typ: 'dpop+jwt' }),
  ...headerVariants('with a critical extension', UNSOUND, { crit: ['exp'] }),
  ...headerVariants('with an unencoded payload', UNSOUND, { b64: false }),
  ...headerVariants('of no algorithm', UNSOUND, { alg: 'none' }),
  { name: 'unsigned', flaw: UNSOUND, token: unsigned },
  { name: 'signed by an attacker', flaw: FORGED, token: (key, now) => forged(key, now) },
  { name: 'altered', flaw: FORGED, token: altered },
  { name: 'with a shortened signature', flaw: FORGED, token: shortened },
  ...ALGORITHMS.map((alg) => ({
    name: `signed as ${alg} by the key for that`,
    flaw: { kind: 'signed with', alg } as const,
    token: (key: SigningKey, now: number) =>
      signJwt({ ...issuersKey(alg), kid: key.kid }, soundClaims(now)),
  })),
  ...ALGORITHMS.filter(isHmac).map((alg) => ({
    name: `signed by ${alg} with the public key as the secret`,
    flaw: { kind: 'forged', bears: alg } as const,
    token: (key: SigningKey, now: number) =>
      signJwt({ ...secretKey(publicText(key), alg), kid: key.kid }, soundClaims(now)),
  })),
];

function claimVariants(
  name: string,
  flaw: Flaw,
  change: (now: number) => Readonly<Record<string, unknown>>,
): readonly Variant[] {
  const token = (key: SigningKey, now: number): string =>
    signJwt(key, { ...soundClaims(now), ...change(now) });
  return [{ name, flaw, token }];
}

function headerVariants(
  name: string,
  flaw: Flaw,
  header: Readonly<Record<string, unknown>>,
): readonly Variant[] {
  return [{ name, flaw, token: (key, now) => signJwt(key, soundClaims(now), header) }];
}

function unsigned(key: SigningKey, now: number): string {
  const [header, claims] = signJwt(key, soundClaims(now), { alg: 'none' }).split('.');
  return `${header}.${claims}.`;
}

function forged(key: SigningKey, now: number): string {
  return signJwt({ ...attackersKey(key.alg as Algorithm), kid: key.kid }, soundClaims(now));
}

function altered(key: SigningKey, now: number): string {
  const [header, , sealed] = signJwt(key, soundClaims(now)).split('.');
  const claims = JSON.stringify({ ...soundClaims(now), sub: 'admin' });
  return `${header}.${Buffer.from(claims).toString('base64url')}.${sealed}`;
}

function shortened(key: SigningKey, now: number): string {
  const [header, claims] = signJwt(key, soundClaims(now)).split('.');
  const sealed = signature(key, `${header}.${claims}`);
  return `${header}.${claims}.${sealed.subarray(0, -1).toString('base64url')}`;
}

// A secret has no public part; an attacker who guesses takes the algorithm's name.
function publicText(key: SigningKey): string {
  return typeof key.privateKey === 'string' ? key.alg : key.pem;
}

function keyRing(owner: string, secret = SECRET): ReadonlyMap<string, SigningKey> {
  const rsa = rsaKey();
  return new Map(
    ALGORITHMS.map((alg) => [alg, { ...newKey(alg, secret, rsa), kid: `${owner} ${alg}` }]),
  );
}

// One RSA key for all of RSA, because only what an introspector says of a key tells them apart.
function newKey(alg: Algorithm, secret: string, rsa: SigningKey): SigningKey {
  if (isHmac(alg)) return secretKey(secret, alg);
  if (alg === 'ES256' || alg === 'ES384' || alg === 'ES512') return ecKey(undefined, alg);
  if (alg === 'EdDSA' || alg === 'Ed25519') return { ...edKey(), alg };
  return { ...rsa, alg };
}

function keyOf(ring: ReadonlyMap<string, SigningKey>, alg: Algorithm): SigningKey {
  const key = ring.get(alg);
  if (key === undefined) throw new Error(`No key of ${alg}`);
  return key;
}
