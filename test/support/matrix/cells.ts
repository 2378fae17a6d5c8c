import { createHash } from 'node:crypto';

/** Every algorithm of RFC 7518 §3.2–3.5, RFC 8037 and RFC 9864 that a token may bear. */
export const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** Where an introspector has its key from. */
export const SOURCES = ['secret', 'plain', 'PEM', 'jwks', 'discovery'] as const;
/** What was presented before, while the issuer was up: nothing, another token, this very token. */
export const HISTORIES = ['cold', 'warm keys', 'remembered token'] as const;
/** The issuer when the token is presented; `rotated`: it publishes other keys than before. */
export const ISSUER_STATES = ['up', 'rotated', 'down', 'down with stale'] as const;

/** Seconds for which keys are cached, and beyond which stale ones serve, in all cells. */
export const TTL_SECONDS = 60;
export const STALE_SECONDS = 120;
/** Least time between two looks for keys that nobody has. */
export const COOLDOWN_SECONDS = 10;
/** Lifetime of the tokens from the first moment on, and the skew that is granted. */
export const LIFETIME_SECONDS = 300;
export const SKEW_SECONDS = 30;

/** Seconds after the first moment at which a token is presented: both sides of every limit. */
export const AGES = [
  0,
  TTL_SECONDS - 1,
  TTL_SECONDS,
  TTL_SECONDS + STALE_SECONDS - 1,
  TTL_SECONDS + STALE_SECONDS,
  LIFETIME_SECONDS + SKEW_SECONDS - 1,
  LIFETIME_SECONDS + SKEW_SECONDS,
] as const;

export type Algorithm = (typeof ALGORITHMS)[number];
export type Source = (typeof SOURCES)[number];

/** The key of an introspector: one algorithm from one source. */
export interface KeyUnderTest {
  readonly source: Source;
  readonly alg: Algorithm;
}

/** One cell of the matrix but for the token that is presented in it. */
export interface Cell extends KeyUnderTest {
  readonly age: (typeof AGES)[number];
  readonly history: (typeof HISTORIES)[number];
  readonly issuer: (typeof ISSUER_STATES)[number];
}

/** Whether an algorithm is symmetric. */
export function isHmac(alg: Algorithm): boolean {
  return alg.startsWith('HS');
}

/** Whether the keys of a source are fetched. */
export function isRemote(source: Source): boolean {
  return source === 'jwks' || source === 'discovery';
}

/** Every pair of source and algorithm that an introspector can be configured with. */
export function keysUnderTest(): readonly KeyUnderTest[] {
  return SOURCES.flatMap((source) =>
    ALGORITHMS.filter((alg) => isHmac(alg) === (source === 'secret' || source === 'plain')).map(
      (alg) => ({ source, alg }),
    ),
  );
}

/** Every cell of one key; the state of an issuer that is never asked is left out. */
export function cellsOf(key: KeyUnderTest): readonly Cell[] {
  const states = isRemote(key.source) ? ISSUER_STATES : (['up'] as const);
  return AGES.flatMap((age) =>
    HISTORIES.flatMap((history) => states.map((issuer) => ({ ...key, age, history, issuer }))),
  );
}

/** Whether a cell belongs to the thirty-second part that is always tried, the same on every run. */
export function isSampled(cell: Cell, token: string): boolean {
  const text = JSON.stringify([cell.source, cell.alg, cell.age, cell.history, cell.issuer, token]);
  return (createHash('sha256').update(text).digest()[0] ?? 0) % 32 === 0;
}
