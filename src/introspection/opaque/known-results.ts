import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../../policy/json.js';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from '../refusal.js';
import { answerRefusal } from './answer.js';

/** An answer that vouched for a token when it came. */
export interface Vouching {
  readonly answer: JsonObject;
  /** Milliseconds since the epoch at which the endpoint was asked. */
  readonly askedAtMs: number;
}

/** What an endpoint says of a token: the answer that vouches for it, or why none does. */
export type Result = JsonObject | RefusalCode;

interface Refused {
  readonly code: RefusalCode;
  readonly askedAtMs: number;
}

/** How long a token that was refused is refused without asking again. */
export const REFUSED_TTL_MS = 10_000;

/** Of an answer as text; a longer one is used once and not kept. */
export const MAX_KEPT_CHARACTERS = 64 * 1024;

const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * What this process knows of tokens, by digest, bounded in number and size. Refused ones are kept
 * apart, so that whoever sends guessed tokens pushes out nothing but guesses.
 */
export class KnownResults {
  private readonly vouched = new LRUCache<string, Vouching>({
    max: MAX_ENTRIES,
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (vouching) => JSON.stringify(vouching).length,
  });
  private readonly refused = new LRUCache<string, Refused>({ max: MAX_ENTRIES });

  /**
   * The result that still counts at `nowMs`; undefined when the endpoint has to be asked.
   *
   * @param maxAgeMs how old an answer that vouches may be; its `exp` ends it all the same
   */
  find(
    key: string,
    introspector: EndpointIntrospector,
    maxAgeMs: number,
    nowMs: number,
  ): Result | undefined {
    const vouching = this.vouched.get(key);
    if (vouching && isUsable(vouching, introspector, maxAgeMs, nowMs)) return vouching.answer;
    const refused = this.refused.get(key);
    const isRefused =
      refused && isWithin(refused.askedAtMs, Math.min(REFUSED_TTL_MS, maxAgeMs), nowMs);
    return isRefused ? refused.code : undefined;
  }

  /** Keeps an answer that vouches for a token, unless what is known is newer. */
  vouch(key: string, vouching: Vouching): void {
    const last = Math.max(
      this.vouched.get(key)?.askedAtMs ?? -Infinity,
      this.refused.get(key)?.askedAtMs ?? -Infinity,
    );
    if (last > vouching.askedAtMs) return;
    this.refused.delete(key);
    this.vouched.set(key, vouching);
  }

  /**
   * Keeps what another instance was answered, unless its clock is ahead of this one's: until then it
   * would count for nothing here, and keep what this process is answered from being kept.
   */
  adopt(key: string, vouching: Vouching, nowMs: number): void {
    if (vouching.askedAtMs <= nowMs) this.vouch(key, vouching);
  }

  /** Keeps that a token was refused, and nothing that was known for it. */
  refuse(key: string, code: RefusalCode, askedAtMs: number): void {
    this.vouched.delete(key);
    this.refused.set(key, { code, askedAtMs });
  }

  /** Forgets all. */
  clear(): void {
    this.vouched.clear();
    this.refused.clear();
  }
}

/** Whether an answer is younger than `maxAgeMs` and vouches for its token now. */
export function isUsable(
  { answer, askedAtMs }: Vouching,
  introspector: EndpointIntrospector,
  maxAgeMs: number,
  nowMs: number,
): boolean {
  const isYoung = isWithin(askedAtMs, maxAgeMs, nowMs);
  return isYoung && answerRefusal(answer, introspector, nowMs) === undefined;
}

function isWithin(sinceMs: number, ms: number, nowMs: number): boolean {
  const age = nowMs - sinceMs;
  // A negative age is a clock set back: such an entry might never grow old.
  return age >= 0 && age < ms;
}
