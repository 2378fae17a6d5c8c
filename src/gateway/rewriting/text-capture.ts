import { AnswerUnreadable } from './answer-unreadable.js';

/** Longer than any URL that servers give out. */
const MAX_TEXT_BYTES = 16_384;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at];
      if (this.isEscaped) this.isEscaped = false;
      else if (byte === BACKSLASH) this.isEscaped = true;
      else if (byte === QUOTE) break;
      at += 1;
    }
    this.length += at - from;
    if (this.length > MAX_TEXT_BYTES) throw new AnswerUnreadable('a link or name is too long');
    // Copied, because the chunk's memory may be used again.
    this.parts.push(Buffer.from(chunk.subarray(from, at)));
    return at < chunk.length ? at + 1 : undefined;
  }

  /** @throws AnswerUnreadable for what is no JSON text */
  text(): string {
    try {
      return JSON.parse(`"${Buffer.concat(this.parts).toString()}"`) as string;
    } catch {
      throw new AnswerUnreadable('a link or name is no JSON text');
    }
  }
}
