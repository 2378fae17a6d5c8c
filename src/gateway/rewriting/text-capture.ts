import { AnswerUnreadable } from './answer-unreadable.js';
import { endOfText, isEscapedAt } from './json-text.js';

/** Longer than any URL that servers give out. */
const MAX_TEXT_BYTES = 16_384;

/** A JSON text, or the name of a member, that comes in parts. */
export class TextCapture {
  private readonly parts: Buffer[] = [];
  private length = 0;
  private isEscaped = false;

  /**
   * Takes what belongs to the text, from after its first quote on.
   *
   * @returns where it is over, after its last quote; undefined where the chunk ends first
   * @throws AnswerUnreadable beyond 16 KiB
   */
  take(chunk: Buffer, from: number): number | undefined {
    const end = endOfText(chunk, from, this.isEscaped);
    const until = end === undefined ? chunk.length : end - 1;
    this.isEscaped = isEscapedAt(chunk, from, until, this.isEscaped);
    this.length += until - from;
    if (this.length > MAX_TEXT_BYTES) throw new AnswerUnreadable('a link or name is too long');
    const part = chunk.subarray(from, until);
    // A chunk's memory may be used again; a text that is over is read before.
    this.parts.push(end === undefined ? Buffer.from(part) : part);
    return end;
  }

  /** @throws AnswerUnreadable for what is no JSON text */
  text(): string {
    const [only] = this.parts;
    const bytes = this.parts.length === 1 && only ? only : Buffer.concat(this.parts);
    const text = bytes.toString();
    if (!text.includes('\\')) return text;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      throw new AnswerUnreadable('a link or name is no JSON text');
    }
  }
}
