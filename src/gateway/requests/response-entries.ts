import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { HeldEntry, type EntryMember, type EntryVerdict } from './held-entry.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
/** Longer than names, statuses and ids. */
const MAX_TEXT = 128;
/** Brackets around the members of `Bundle.entry.response` and of `Bundle.entry.resource`. */
const MEMBER_DEPTH = 4;
/** By what is read of an entry, and where. */
const MEMBERS: ReadonlyMap<string, EntryMember> = new Map([
  ['response.status', 'status'],
  ['resource.resourceType', 'resourceType'],
  ['resource.id', 'id'],
]);

/** An entry that is to come. */
export interface ExpectedEntry {
  /** In what is answered. */
  readonly position: number;
  readonly verdict: EntryVerdict;
}

type Boundary = 'entry' | 'entry-end' | 'entries-end' | 'comma';

/**
 * Follows the entries of a Bundle that comes in chunks, puts in further ones at their places, and others in
 * place of those that do not pass. Every other byte stays as it is; what is held is the beginning of an entry.
 */
export class ResponseEntries {
  private entry: HeldEntry | undefined;
  private depth = 0;
  private isInText = false;
  private isEscaped = false;
  /** The text that was read last. */
  private last = '';
  /** Names of the members that are being read, by depth. */
  private readonly names: string[] = [];
  private isInEntries = false;
  private arrived = 0;
  private written = 0;

  /**
   * @param expected the entries that come, in order
   * @param added JSON text of those that are put in, by position
   */
  constructor(
    private readonly expected: readonly ExpectedEntry[],
    private readonly added: ReadonlyMap<number, string>,
  ) {}

  /** Position, in what is answered, of the entry whose bytes were handed out last; undefined beside entries. */
  get current(): number | undefined {
    return this.entry?.position;
  }

  /**
   * @throws UpstreamFailed 502 where more or fewer entries come than were sent, and for one that does not pass
   * and is too long to be held
   */
  *split(chunk: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const boundary = this.boundaryAt(chunk[at] ?? 0);
      if (boundary === undefined) continue;
      const end = boundary === 'entry-end' ? at + 1 : at;
      if (end > from) yield* this.handOut(chunk.subarray(from, end));
      from = boundary === 'comma' ? at + 1 : end;
      yield* this.pass(boundary);
    }
    if (chunk.length > from) yield* this.handOut(chunk.subarray(from));
  }

  /** @throws UpstreamFailed 502 where no entries came, and some were sent */
  end(): void {
    if (this.arrived < this.expected.length || this.written < this.total) throw outOfStep();
  }

  private *handOut(part: Uint8Array): Generator<Uint8Array> {
    if (this.entry) yield* this.entry.take(part);
    else yield part;
  }

  private get total(): number {
    return this.expected.length + this.added.size;
  }

  private *beginEntry(): Generator<Uint8Array> {
    const expected = this.expected[this.arrived];
    if (!expected) throw outOfStep();
    yield* this.addUpTo(expected.position);
    this.arrived += 1;
    if (this.written > 0) yield Buffer.from(',');
    this.written += 1;
    this.entry = new HeldEntry(expected.position, expected.verdict);
  }

  private *endEntries(): Generator<Uint8Array> {
    if (this.arrived < this.expected.length) throw outOfStep();
    yield* this.addUpTo(Infinity);
    this.isInEntries = false;
  }

  private *addUpTo(position: number): Generator<Uint8Array> {
    while (this.written < this.total && this.written < position) {
      const text = this.added.get(this.written);
      if (text === undefined) return;
      yield Buffer.from(this.written > 0 ? `,${text}` : text);
      this.written += 1;
    }
  }

  private boundaryAt(byte: number): Boundary | undefined {
    if (this.isInText) this.text(byte);
    else if (byte === QUOTE) this.beginText();
    else if (OPEN.has(byte)) return this.open();
    else if (CLOSE.has(byte)) return this.close();
    else if (byte === COLON) this.beginMember(this.last);
    else if (byte === COMMA) return this.comma();
    return undefined;
  }

  private comma(): Boundary | undefined {
    this.beginMember('');
    return this.isBetween ? 'comma' : undefined;
  }

  /** @param name as far as it is read */
  private beginMember(name: string): void {
    if (this.depth <= MEMBER_DEPTH) this.names[this.depth] = name;
  }

  private get isBetween(): boolean {
    return this.isInEntries && this.depth === 2;
  }

  private open(): Boundary | undefined {
    const boundary = this.isBetween ? 'entry' : undefined;
    if (this.depth === 1 && this.names[1] === 'entry') this.isInEntries = true;
    this.depth += 1;
    this.beginMember('');
    return boundary;
  }

  private close(): Boundary | undefined {
    this.depth -= 1;
    if (!this.isInEntries) return undefined;
    if (this.depth === 2) return 'entry-end';
    return this.depth === 1 ? 'entries-end' : undefined;
  }

  private *pass(boundary: Boundary): Generator<Uint8Array> {
    switch (boundary) {
      case 'entry':
        yield* this.beginEntry();
        return;
      case 'entry-end':
        if (this.entry) yield* this.entry.end();
        this.entry = undefined;
        return;
      case 'entries-end':
        yield* this.endEntries();
        return;
      case 'comma':
        // Written with the entry that follows.
        return;
    }
  }

  private beginText(): void {
    this.isInText = true;
    this.last = '';
  }

  private text(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) {
      this.isInText = false;
      this.endText();
      return;
    }
    if (this.depth <= MEMBER_DEPTH && this.last.length < MAX_TEXT) {
      this.last += String.fromCharCode(byte);
    }
  }

  private endText(): void {
    if (this.depth !== MEMBER_DEPTH) return;
    const [owner = '', name = ''] = this.names.slice(MEMBER_DEPTH - 1);
    // The name of the member itself is no value of it.
    const member = MEMBERS.get(`${owner}.${name}`);
    if (member) this.entry?.hear(member, this.last);
  }
}

function outOfStep(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered with other entries than it was sent',
  );
}
