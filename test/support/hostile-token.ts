import type { JsonWebKey } from 'node:crypto';
import {
  accessClaims,
  ecKey,
  rsaKey,
  secretKey,
  signJwt,
  type SigningKey,
} from './token-signer.js';

/** A token of test/vectors/hostile, told as what differs from an ordinary one of the issuer. */
export interface HostileToken {
  readonly name: string;
  readonly status: number;
  readonly signedBy?: keyof HostileKeys | 'nobody' | 'zeros' | 'short';
  /** Header members; null leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Claims; null leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Claims that are times, in seconds from now. */
  readonly fromNow?: Readonly<Record<string, number>>;
  /** Text around `{header}`, `{payload}` and `{signature}` instead of the token. */
  readonly token?: string;
}

/** Who may sign: the issuer with one of its two keys, or somebody else. */
export interface HostileKeys {
  readonly issuer: SigningKey;
  readonly ec: SigningKey;
  readonly attacker: SigningKey;
  readonly fallback: SigningKey;
  readonly pem: SigningKey;
  readonly 'pem-trimmed': SigningKey;
  readonly jwk: SigningKey;
}

/** Values of the placeholders in vectors. */
export interface HostilePlaces {
  readonly issuer: string;
  /** A server that must never be asked. */
  readonly trap: string;
}

/** Signatures that nobody computed, under the header of a key. */
const FORGED_SIGNATURES: Readonly<
  Record<string, { readonly key: 'issuer' | 'ec'; readonly bytes: number }>
> = {
  nobody: { key: 'issuer', bytes: 0 },
  zeros: { key: 'ec', bytes: 64 },
  short: { key: 'ec', bytes: 8 },
};

/** Keys of an issuer and of those who pretend to be it. */
export function hostileKeys(): HostileKeys {
  const issuer = rsaKey('k1');
  const named = (secret: string): SigningKey => ({ ...secretKey(secret), kid: 'k1' });
  return {
    issuer,
    ec: ecKey('k2'),
    attacker: rsaKey('k1'),
    fallback: secretKey('the secret of the fallback introspector'),
    pem: named(issuer.pem),
    'pem-trimmed': named(issuer.pem.trim()),
    jwk: named(JSON.stringify(issuer.jwk)),
  };
}

/** The token that a vector tells of. */
export function hostileToken(
  vector: HostileToken,
  keys: HostileKeys,
  { issuer, trap }: HostilePlaces,
): string {
  const places: Readonly<Record<string, string | JsonWebKey>> = {
    '{issuer}': issuer,
    '{trap}': trap,
    '{attackerJwk}': keys.attacker.jwk,
  };
  const seconds = Math.floor(Date.now() / 1000);
  const times = Object.entries(vector.fromNow ?? {}).map(([name, at]) => [name, seconds + at]);
  const claims = {
    ...accessClaims(issuer),
    ...filled(vector.claims, places),
    ...(Object.fromEntries(times) as object),
  };
  const parts = signedParts(
    vector.signedBy ?? 'issuer',
    keys,
    claims,
    filled(vector.header, places),
  );
  return assembled(vector.token ?? '{header}.{payload}.{signature}', parts);
}

function signedParts(
  signedBy: NonNullable<HostileToken['signedBy']>,
  keys: HostileKeys,
  claims: object,
  header: Readonly<Record<string, unknown>>,
): readonly string[] {
  const forged = FORGED_SIGNATURES[signedBy];
  if (forged === undefined)
    return signJwt(keys[signedBy as keyof HostileKeys], claims, header).split('.');
  const { key, bytes } = forged;
  return [...signJwt(keys[key], claims, header).split('.').slice(0, 2), zeros(bytes)];
}

function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64url');
}

function assembled(
  template: string,
  [header = '', payload = '', signature = '']: readonly string[],
): string {
  return template
    .replaceAll('{header}', header)
    .replaceAll('{payload}', payload)
    .replaceAll('{signature}', signature)
    .replaceAll('{long}', 'A'.repeat(12_000));
}

/** Members with their placeholders replaced, without those that are null. */
function filled(
  members: Readonly<Record<string, unknown>> = {},
  places: Readonly<Record<string, string | JsonWebKey>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      value === null ? undefined : fill(value, places),
    ]),
  );
}

function fill(value: unknown, places: Readonly<Record<string, string | JsonWebKey>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, places));
  if (typeof value !== 'string') return value;
  const whole = places[value];
  if (whole !== undefined) return whole;
  return value.replace(/\{\w+\}/g, (place) => {
    const text = places[place];
    return typeof text === 'string' ? text : place;
  });
}
