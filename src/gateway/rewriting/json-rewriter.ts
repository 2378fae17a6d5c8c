import { UNCHECKED, type AnswerCheck } from './answer-check.js';
import { AnswerUnreadable } from './answer-unreadable.js';
import type { LinkKind, Place } from './bundle-places.js';
import { HeldOutput } from './held-output.js';
import { JsonSkipper } from './json-skipper.js';
import { endOfPlainText } from './json-text.js';
import { TextCapture } from './text-capture.js';

/** An object or array on the way to a place. */
interface Frame {
  readonly isArray: boolean;
  readonly place: Place;
  /** Members that were there and are checked. */
  seen?: Place[];
}

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'after' | 'end';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Of `null`, which is as if nothing were there. */
const NULL = 0x6e;
/** Bytes that are kept without asking the check whether it wants so many. */
const MAX_HELD_BYTES = 1_048_576;

/**
 * Rewrites texts at given places of JSON that comes in chunks, and tells a check of its parts; every other
 * byte stays as it is. It holds no more than one name or text at a time, and what the check wants kept, so that
 * answers of any size pass through it.
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
  private captured: 'key' | Place = 'key';
  /** Of the chunk that is being read. */
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  private copiedTo = 0;
  private readonly output = new HeldOutput();

  constructor(
    root: Place,
    private readonly rewrite: (kind: LinkKind, text: string) => string,
    private readonly check: AnswerCheck = UNCHECKED,
  ) {
    this.place = root;
  }

  /** Bytes that the check wants kept. */
  get heldBytes(): number {
    return this.output.heldBytes;
  }

  /** @throws AnswerUnreadable for what is no JSON object, and whatever the check throws */
  write(chunk: Uint8Array): Buffer {
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.at = 0;
    this.copiedTo = 0;
    while (this.at < this.chunk.length) this.step();
    // What is held of a text to be rewritten comes out with its end.
    if (!this.isRewriting()) this.copyTo(this.chunk.length);
    if (this.output.heldBytes > MAX_HELD_BYTES) this.overflow();
    return this.output.take();
  }

  /** @throws AnswerUnreadable where the text ends too early */
  end(): void {
    if (this.state !== 'end') throw new AnswerUnreadable('it ends too early');
  }

  private overflow(): void {
    this.check.overflow(this.output.heldBytes);
    this.output.hold(this.check.isHeld);
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

  /** Whether the value that begins here is, or leads to, what is rewritten or checked. */
  private enter(byte: number, place: Place): boolean {
    const { members, items, part } = place;
    if (byte === OPEN_OBJECT && members) this.open(place, false);
    else if (byte === OPEN_ARRAY && items) this.open(place, true);
    else if (byte === QUOTE && !members && !items) this.text(place);
    else {
      if (part !== undefined && byte !== NULL) this.check.odd(part);
      return false;
    }
    return true;
  }

  private open(place: Place, isArray: boolean): void {
    if (!isArray && place.part !== undefined) {
      this.copyTo(this.at);
      this.check.begin(place.part);
      this.output.hold(this.check.isHeld);
    }
    this.frames.push({ isArray, place });
    this.place = isArray ? place.items : undefined;
    this.state = isArray ? 'first-item' : 'first-key';
    this.at += 1;
  }

  private key(byte: number): void {
    this.expect(byte === QUOTE);
    const end = endOfPlainText(this.chunk, this.at + 1);
    if (end === undefined) {
      this.begin('key');
      return;
    }
    const from = this.at + 1;
    this.at = end;
    const lengths = this.frames.at(-1)?.place.nameLengths ?? ~0;
    // Names of places are ASCII, and shorter than 32.
    if (lengths & (1 << (end - 1 - from))) this.named(this.chunk.toString('latin1', from, end - 1));
    else this.unnamed();
  }

  private unnamed(): void {
    this.state = 'colon';
    this.place = undefined;
  }

  private named(name: string): void {
    this.state = 'colon';
    const frame = this.frames.at(-1);
    this.place = frame?.place.members?.get(name);
    if (!frame || this.place?.part === undefined) return;
    frame.seen ??= [];
    if (frame.seen.includes(this.place)) this.check.odd(this.place.part);
    else frame.seen.push(this.place);
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
    const isEmpty = this.state === 'first-key';
    const frame = this.frames.pop();
    this.expect(byte === (frame?.isArray ? CLOSE_ARRAY : CLOSE_OBJECT));
    this.state = this.frames.length === 0 ? 'end' : 'after';
    this.at += 1;
    if (!frame || frame.isArray || frame.place.part === undefined) return;
    this.check.end(frame.place.part, isEmpty);
    this.output.hold(this.check.isHeld);
  }

  private text(place: Place): void {
    const from = this.at + 1;
    const end = endOfPlainText(this.chunk, from);
    if (end === undefined) {
      this.begin(place);
      return;
    }
    if (place.link !== undefined) this.copyTo(this.at);
    this.at = end;
    this.tell(place, this.chunk.toString('utf8', from, end - 1));
  }

  private begin(captured: 'key' | Place): void {
    this.capture = new TextCapture();
    this.captured = captured;
    if (this.isRewriting()) this.copyTo(this.at);
    this.at += 1;
  }

  private captureText(capture: TextCapture): void {
    const end = capture.take(this.chunk, this.at);
    this.at = end ?? this.chunk.length;
    if (end === undefined) {
      // Held back until the text is complete.
      if (this.isRewriting()) this.copiedTo = this.chunk.length;
      return;
    }
    this.capture = undefined;
    if (this.captured === 'key') this.named(capture.text());
    else this.tell(this.captured, capture.text());
  }

  private tell({ link, part }: Place, text: string): void {
    if (link !== undefined) {
      this.output.add(Buffer.from(JSON.stringify(this.rewrite(link, text))));
      this.copiedTo = this.at;
    }
    if (part === undefined) return;
    this.check.text(part, text);
    this.output.hold(this.check.isHeld);
  }

  /** Whether a text is being read that will not come out as it is. */
  private isRewriting(): boolean {
    return (
      this.capture !== undefined && this.captured !== 'key' && this.captured.link !== undefined
    );
  }

  private copyTo(end: number): void {
    if (end > this.copiedTo) this.output.add(this.chunk.subarray(this.copiedTo, end));
    this.copiedTo = end;
  }

  private expect(isSo: boolean): void {
    if (!isSo) throw new AnswerUnreadable('it is no JSON object');
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
