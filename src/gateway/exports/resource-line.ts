import { AnswerUnreadable } from '../rewriting/answer-unreadable.js';
import type { Place } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import type { Line } from './file-lines.js';

/** Bytes of a line that wait for its type; that of most resources comes first. */
export const MAX_HELD_BYTES = 4_194_304;

const RESOURCE_TYPE: Place = { members: new Map([['resourceType', { link: 'resource' }]]) };
const NOTHING = Buffer.alloc(0);

/** A resource of the type that a file should have, byte for byte; nothing of it goes on before that is known. */
export class ResourceLine implements Line {
  private readonly reader: JsonRewriter;
  private readonly held: Buffer[] = [];
  private bytes = 0;
  private isKnown = false;

  constructor(type: string) {
    this.reader = new JsonRewriter(RESOURCE_TYPE, (_kind, text) => {
      if (text !== type) throw new AnswerUnreadable('a file has resources of another type');
      this.isKnown = true;
      return text;
    });
  }

  get heldBytes(): number {
    return this.bytes;
  }

  /** @throws AnswerUnreadable for another type, what is no JSON object, and a type that comes too late */
  take(part: Buffer): Uint8Array {
    this.reader.write(part);
    if (this.isKnown) return this.held.length === 0 ? part : this.release(part);
    this.bytes += part.length;
    if (this.bytes > MAX_HELD_BYTES) throw new AnswerUnreadable('a type comes too late');
    // A chunk's memory may be used again.
    this.held.push(Buffer.from(part));
    return NOTHING;
  }

  /** @throws AnswerUnreadable for what has no type or ends too early */
  end(): Uint8Array {
    this.reader.end();
    if (this.isKnown) return NOTHING;
    throw new AnswerUnreadable('a line of a file is no resource');
  }

  private release(part: Buffer): Uint8Array {
    this.bytes = 0;
    return Buffer.concat([...this.held.splice(0), part]);
  }
}
