import {
  COOLDOWN_SECONDS,
  isHmac,
  isRemote,
  LIFETIME_SECONDS,
  SKEW_SECONDS,
  STALE_SECONDS,
  TTL_SECONDS,
  type Algorithm,
  type Cell,
} from './cells.js';
import type { Flaw } from './tokens.js';

/** 200, 401 or 503: what the caller is told. */
export type Verdict = 'accepted' | 'refused' | 'unavailable';

/** What must come of a token in a cell. */
export interface Expectation {
  readonly verdict: Verdict;
  /** Whether the token is refused for what can be read in it, so that nobody needs to be asked. */
  readonly isPlain: boolean;
}

/**
 * The verdict that the specification demands, written from its sentences alone: what a token says
 * of itself is judged on every request and needs no keys; keys serve while they are cached, stale
 * ones while the issuer is down and as long as the introspector grants; a key that nobody has is
 * looked for once more; what cannot be told is never a refusal, and what is bad is always one.
 */
export function expectationOf(cell: Cell, flaw: Flaw): Expectation {
  if (isPlainlyRefused(cell, flaw)) return { verdict: 'refused', isPlain: true };
  return { verdict: verdictByKeys(cell, flaw), isPlain: false };
}

function isPlainlyRefused(cell: Cell, flaw: Flaw): boolean {
  const isExpired = cell.age >= LIFETIME_SECONDS + SKEW_SECONDS;
  // Published keys are public: no secret is ever among them.
  const isHopeless = isRemote(cell.source) && isHmac(algorithmOf(cell, flaw));
  return flaw.kind === 'unsound' || isExpired || isHopeless;
}

function algorithmOf(cell: Cell, flaw: Flaw): Algorithm {
  if (flaw.kind === 'signed with') return flaw.alg;
  return flaw.kind === 'forged' && flaw.bears ? flaw.bears : cell.alg;
}

function verdictByKeys(cell: Cell, flaw: Flaw): Verdict {
  if (flaw.kind === 'unproven') return 'refused';
  const known = knownKeys(cell);
  if (known === 'none') return 'unavailable';
  switch (flaw.kind) {
    case 'none':
      return known === 'issuer' ? 'accepted' : 'refused';
    case 'forged':
    case 'unsound':
      return 'refused';
    case 'unknown kid':
      return verdictOnUnknownKid(cell);
    case 'signed with':
      return known === 'issuer' && fits(cell, flaw.alg) ? 'accepted' : 'refused';
  }
}

// Keys in the resource have no names; among published ones the token's cannot be told from a new one,
// but where it was looked for moments ago.
function verdictOnUnknownKid(cell: Cell): Verdict {
  if (!isRemote(cell.source)) return 'accepted';
  if (cell.history === 'remembered token' && cell.age < COOLDOWN_SECONDS) return 'refused';
  return isDown(cell) ? 'unavailable' : 'refused';
}

function knownKeys(cell: Cell): 'issuer' | 'rotated' | 'none' {
  if (!isRemote(cell.source)) return 'issuer';
  const isCached = cell.history !== 'cold' && cell.age < servesFor(cell);
  if (isCached) return 'issuer';
  if (isDown(cell)) return 'none';
  return cell.issuer === 'rotated' ? 'rotated' : 'issuer';
}

function servesFor(cell: Cell): number {
  return cell.issuer === 'down with stale' ? TTL_SECONDS + STALE_SECONDS : TTL_SECONDS;
}

function isDown(cell: Cell): boolean {
  return cell.issuer === 'down' || cell.issuer === 'down with stale';
}

// A secret verifies all of HMAC; every other key is bound to one algorithm.
function fits(cell: Cell, alg: Algorithm): boolean {
  return cell.source === 'secret' ? isHmac(alg) : alg === cell.alg;
}
