import { AnswerUnreadable } from './answer-unreadable.js';
import type { LinkKind, Place } from './bundle-places.js';
import { JsonSkipper } from './json-skipper.js';
import { TextCapture } from './text-capture.js';

/** An object or array on the way to a place. */
interface Frame {
  readonly isArray: boolean;
  readonly place: Place;
}

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'after' | 'end';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Rewrites texts at given places of JSON that comes in chunks; every other byte stays as it is. It holds no
 * more than one name or text at a time, so that answers of any size pass through it.
 *
 * What leads to a place is read strictly. Values beside are passed over by their brackets and quotes.
 */
export class JsonRewriter {
  private state: State = 'value';
  private readonly frames: Frame[] = [];
  /** Where the value that comes next is; undefined beside all places. */
  private place: Place | undefined;
  private readonly skipper = new JsonSkipper();
  private capture: TextCapture | undefined;
  private captured: 'key' | LinkKind = 'key';
  /** Of the chunk that is being read. */
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  private copiedTo = 0;
  private pieces: Buffer[] = [];

  constructor(
    root: Place,
    private readonly rewrite: (kind: LinkKind, text: string) => string,
  ) {
    this.place = root;
  }

  /** @throws AnswerUnreadable for what is no JSON object */
  write(chunk: Uint8Array): Buffer {
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.at = 0;
    this.copiedTo = 0;
    this.pieces = [];
    while (this.at < this.chunk.length) this.step();
    // What is held of a text to be rewritten comes out with its end.
    if (!this.isHolding()) this.copyTo(this.chunk.length);
    const [only] = this.pieces;
    return this.pieces.length === 1 && only ? only : Buffer.concat(this.pieces);
  }

  /** @throws AnswerUnreadable where the text ends too early */
  end(): void {
    if (this.state !== 'end') throw new AnswerUnreadable('it ends too early');
  }

  private step(): void {
    if (this.capture) this.captureText(this.capture);
    else if (this.skipper.isWithin) this.at = this.skipper.skip(this.chunk, this.at);
    else this.token(this.chunk[this.at] ?? 0);
  }

  private token(byte: number): void {
    if (isSpace(byte)) {
      this.at += 1;
      return;
    }
    switch (this.state) {
      case 'first-item':
        if (byte === CLOSE_ARRAY) this.close(byte);
        else this.value(byte);
        return;
      case 'value':
        this.value(byte);
        return;
      case 'first-key':
        if (byte === CLOSE_OBJECT) this.close(byte);
        else this.key(byte);
        return;
      case 'key':
        this.key(byte);
        return;
      case 'colon':
        this.expect(byte === COLON);
        this.state = 'value';
        this.at += 1;
        return;
      case 'after':
        this.after(byte);
        return;
      case 'end':
        throw new AnswerUnreadable('something follows its end');
    }
  }

  private value(byte: number): void {
    // FHIR's JSON is an object.
    if (this.frames.length === 0) this.expect(byte === OPEN_OBJECT);
    this.state = 'after';
    if (!this.place || !this.enter(byte, this.place)) this.skipper.begin(byte);
  }

  /** Whether the value that begins here is, or leads to, what is rewritten. */
  private enter(byte: number, place: Place): boolean {
    if (byte === OPEN_OBJECT && place.members) this.open(place, false);
    else if (byte === OPEN_ARRAY && place.items) this.open(place, true);
    else if (byte === QUOTE && place.link !== undefined) this.begin(place.link);
    else return false;
    return true;
  }

  private open(place: Place, isArray: boolean): void {
    this.frames.push({ isArray, place });
    this.place = isArray ? place.items : undefined;
    this.state = isArray ? 'first-item' : 'first-key';
    this.at += 1;
  }

  private key(byte: number): void {
    this.expect(byte === QUOTE);
    this.begin('key');
  }

  private after(byte: number): void {
    if (byte !== COMMA) {
      this.close(byte);
      return;
    }
    const frame = this.frames.at(-1);
    this.place = frame?.place.items;
    this.state = frame?.isArray ? 'value' : 'key';
    this.at += 1;
  }

  private close(byte: number): void {
    const frame = this.frames.pop();
    this.expect(byte === (frame?.isArray ? CLOSE_ARRAY : CLOSE_OBJECT));
    this.state = this.frames.length === 0 ? 'end' : 'after';
    this.at += 1;
  }

  private begin(captured: 'key' | LinkKind): void {
    this.capture = new TextCapture();
    this.captured = captured;
    if (captured !== 'key') this.copyTo(this.at);
    this.at += 1;
  }

  private captureText(capture: TextCapture): void {
    const end = capture.take(this.chunk, this.at);
    this.at = end ?? this.chunk.length;
    if (end === undefined) {
      // Held back until the text is complete.
      if (this.isHolding()) this.copiedTo = this.chunk.length;
      return;
    }
    this.capture = undefined;
    if (this.captured === 'key') {
      this.place = this.frames.at(-1)?.place.members?.get(capture.text());
      this.state = 'colon';
      return;
    }
    this.pieces.push(Buffer.from(JSON.stringify(this.rewrite(this.captured, capture.text()))));
    this.copiedTo = this.at;
  }

  private isHolding(): boolean {
    return this.capture !== undefined && this.captured !== 'key';
  }

  private copyTo(end: number): void {
    if (end > this.copiedTo) this.pieces.push(this.chunk.subarray(this.copiedTo, end));
    this.copiedTo = end;
  }

  private expect(isSo: boolean): void {
    if (!isSo) throw new AnswerUnreadable('it is no JSON object');
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
