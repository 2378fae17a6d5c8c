import type { AnswerCheck } from '../rewriting/answer-check.js';
import type { AnswerPart } from '../rewriting/bundle-places.js';
import { anotherResource } from './answer-mismatch.js';
import type { ExpectedResource } from './expected-answer.js';

/** Ends an answer that is another resource than was asked for; until that is known, it is kept. */
export class ResourceCheck implements AnswerCheck {
  isHeld = false;
  private type: string | undefined;
  private id: string | undefined;

  constructor(private readonly expected: ExpectedResource) {}

  begin(part: AnswerPart): void {
    if (part === 'answer') this.isHeld = true;
  }

  /** @throws UpstreamFailed 502 for another resource */
  end(part: AnswerPart, isEmpty: boolean): void {
    if (part !== 'answer') return;
    const isGone = isEmpty && this.expected.isDeletion === true;
    if (!isGone && !this.isMet()) throw anotherResource();
    this.isHeld = false;
  }

  /** @throws UpstreamFailed 502 for another resource */
  text(part: AnswerPart, text: string): void {
    if (part === 'answer.resourceType') this.type = text;
    else if (part === 'answer.id') this.id = text;
    else return;
    if (this.isMet()) this.isHeld = false;
  }

  /** @throws UpstreamFailed 502 where the resource would be one to some readers and another to others */
  odd(part: AnswerPart): void {
    if (part === 'answer.resourceType' || part === 'answer.id') throw anotherResource();
  }

  /** What is large, and says late what it is, is better cut off late than never to be had. */
  overflow(): void {
    this.isHeld = false;
  }

  /** Whether it is known to be what was asked for. @throws UpstreamFailed where it is known not to be */
  private isMet(): boolean {
    if (this.type === 'OperationOutcome') return true;
    const { type, id } = this.expected;
    if (this.type !== undefined && this.type !== type) throw anotherResource();
    if (id === undefined) return this.type !== undefined;
    if (this.type === undefined || this.id === undefined) return false;
    if (this.id !== id) throw anotherResource();
    return true;
  }
}
