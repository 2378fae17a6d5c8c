import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** Bytes of an entry that are held until it is known whether it passes: more than failures have. */
const MAX_HELD = 65_536;

/** Members of an entry that say whether it passes: `response.status`, and two of `resource`. */
export type EntryMember = 'status' | 'resourceType' | 'id';

/** Judges one entry of the answer to a batch or transaction by what is read of it. */
export interface EntryVerdict {
  /** A member is read. Should one come twice, both count. */
  hear(member: EntryMember, text: string): void;
  /** What is answered in its place, as JSON text; undefined where nothing speaks against it so far. */
  readonly instead: string | undefined;
}

/** One entry of the answer to a batch or transaction, held back until it is known whether it passes. */
export class HeldEntry {
  private held: Uint8Array[] = [];
  private bytes = 0;
  private isReleased = false;
  private instead: string | undefined;

  /** @param position in what is answered */
  constructor(
    readonly position: number,
    private readonly verdict: EntryVerdict,
  ) {}

  /** A member of the entry is read. */
  hear(member: EntryMember, text: string): void {
    this.verdict.hear(member, text);
  }

  /** Takes the next bytes of the entry. @returns what may go on */
  *take(part: Uint8Array): Generator<Uint8Array> {
    if (this.instead !== undefined) return;
    this.held.push(part);
    this.bytes += part.length;
    if (this.bytes <= MAX_HELD) return;
    if (!this.isReleased) this.instead = this.verdict.instead;
    this.isReleased = this.instead === undefined;
    if (this.isReleased) yield* this.release();
    else this.held = [];
  }

  /**
   * The entry is over. @returns the rest of it, or what is answered in its place
   *
   * @throws UpstreamFailed 502 where it does not pass and has gone on in part
   */
  *end(): Generator<Uint8Array> {
    const instead = this.instead ?? this.verdict.instead;
    if (instead === undefined) yield* this.release();
    else if (this.isReleased) {
      throw new UpstreamFailed('The FHIR server behind this one says too late what it answers');
    } else yield Buffer.from(instead);
  }

  private *release(): Generator<Uint8Array> {
    yield* this.held;
    this.held = [];
  }
}
