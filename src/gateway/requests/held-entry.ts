import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** Bytes of an entry that are held until its status is known: more than failures have. */
const MAX_HELD = 65_536;

/**
 * What is answered in place of an entry of the upstream, as JSON text; undefined where it passes.
 *
 * @param position of the entry in what is answered
 * @param status `Bundle.entry.response.status`
 */
export type EntryVerdict = (position: number, status: string) => string | undefined;

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

  /** The entry says its status. */
  hasStatus(status: string): void {
    this.instead ??= this.verdict(this.position, status);
  }

  /** Takes the next bytes of the entry. @returns what may go on */
  *take(part: Uint8Array): Generator<Uint8Array> {
    // Of what does not pass, nothing is needed.
    if (this.instead !== undefined && !this.isReleased) return;
    this.held.push(part);
    this.bytes += part.length;
    this.isReleased ||= this.bytes > MAX_HELD;
    if (this.isReleased) yield* this.release();
  }

  /**
   * The entry is over. @returns the rest of it, or what is answered in its place
   *
   * @throws UpstreamFailed 502 where it does not pass and has gone on in part
   */
  *end(): Generator<Uint8Array> {
    if (this.instead === undefined) yield* this.release();
    else if (this.isReleased) {
      throw new UpstreamFailed('The FHIR server behind this one says at length how it failed');
    } else yield Buffer.from(this.instead);
  }

  private *release(): Generator<Uint8Array> {
    yield* this.held;
    this.held = [];
  }
}
