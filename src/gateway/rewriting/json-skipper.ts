import { AnswerUnreadable } from './answer-unreadable.js';
import { endOfText, isEscapedAt } from './json-text.js';

const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SCALAR = new Set([
  ...Buffer.from('-+.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
]);

type Within = 'nothing' | 'text' | 'scalar' | 'container';

/** Passes over one JSON value that comes in chunks, by its brackets and quotes. */
export class JsonSkipper {
  private within: Within = 'nothing';
  /** Brackets that are open. */
  private depth = 0;
  private isInText = false;
  private isEscaped = false;

  /** Whether a value has begun and is not over. */
  get isWithin(): boolean {
    return this.within !== 'nothing';
  }

  /**
   * A value begins with this byte, which is to be passed over as well.
   *
   * @throws AnswerUnreadable for a byte that begins none
   */
  begin(byte: number): void {
    if (byte === QUOTE) this.within = 'text';
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.within = 'container';
    else if (SCALAR.has(byte)) this.within = 'scalar';
    else throw new AnswerUnreadable('it is no JSON');
  }

  /** Where the value is over, or the end of the chunk. */
  skip(chunk: Buffer, from: number): number {
    if (this.within === 'scalar') return this.skipScalar(chunk, from);
    let at = from;
    while (at < chunk.length && this.isWithin) {
      at = this.isInText ? this.skipText(chunk, at) : this.skipOutside(chunk, at);
    }
    return at;
  }

  private skipText(chunk: Buffer, from: number): number {
    const end = endOfText(chunk, from, this.isEscaped);
    this.isEscaped = end === undefined && isEscapedAt(chunk, from, chunk.length, this.isEscaped);
    if (end === undefined) return chunk.length;
    this.isInText = false;
    if (this.depth === 0) this.within = 'nothing';
    return end;
  }

  private skipOutside(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.isInText = true;
        return at + 1;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.depth -= 1;
        if (this.depth === 0) {
          this.within = 'nothing';
          return at + 1;
        }
      }
    }
    return chunk.length;
  }

  /** What ends a number or word belongs to what is around. */
  private skipScalar(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      if (SCALAR.has(chunk[at] ?? 0)) continue;
      this.within = 'nothing';
      return at;
    }
    return chunk.length;
  }
}
