import { UNCHECKED, type AnswerCheck } from '../rewriting/answer-check.js';
import type { AnswerPart } from '../rewriting/bundle-places.js';
import { anotherEntry } from './answer-mismatch.js';
import { checkOf } from './check-of.js';
import type { ExpectedAnswer } from './expected-answer.js';
import type { SelfLinkTrust } from './self-link.js';

/** Where answers to entries are looked for. */
const OWN_PARTS: ReadonlySet<AnswerPart> = new Set(['responses', 'response', 'answer']);

/** Checks each resource in the answer to a batch or transaction as the answer to its entry. */
export class ResponseCheck implements AnswerCheck {
  private current: AnswerCheck = UNCHECKED;

  /** @param expectedNow what the entry is to be answered with whose bytes are being read */
  constructor(
    private readonly expectedNow: () => ExpectedAnswer,
    private readonly trust: SelfLinkTrust,
  ) {}

  get isHeld(): boolean {
    return this.current.isHeld;
  }

  begin(part: AnswerPart): void {
    if (part === 'answer') this.current = checkOf(this.expectedNow(), this.trust);
    this.current.begin(part);
  }

  /** @throws UpstreamFailed 502 for what does not answer the entry */
  end(part: AnswerPart, isEmpty: boolean): void {
    this.current.end(part, isEmpty);
    if (part === 'answer') this.current = UNCHECKED;
  }

  /** @throws UpstreamFailed 502 for what does not answer the entry */
  text(part: AnswerPart, text: string): void {
    this.current.text(part, text);
  }

  /** @throws UpstreamFailed 502 for what does not answer the entry */
  odd(part: AnswerPart): void {
    if (OWN_PARTS.has(part)) throw anotherEntry();
    this.current.odd(part);
  }

  /** @throws UpstreamFailed 502 for what does not answer the entry in time */
  overflow(heldBytes: number): void {
    this.current.overflow(heldBytes);
  }
}
