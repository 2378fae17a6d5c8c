/** What is sent at once: a Bundle with the resources of a file, or of some lines of one. */
export interface Portion {
  /** Path of the file that it comes from. */
  readonly file: string;
  /** Tells it from the others of the file: `''` for all of it, else the lines. */
  readonly part: string;
  /** The Bundle, as JSON text. */
  readonly bundle: string;
  /** Bytes of the file that it stands for. */
  readonly bytes: number;
  /** Whether it fails as a whole. */
  readonly isTransaction: boolean;
  /** Whether sending it twice leaves what sending it once does. */
  readonly isRepeatable: boolean;
  /** What its entries are called in reports, in their order. */
  readonly entries: readonly PortionEntry[];
}

/** One resource, or one request, of a portion. */
export interface PortionEntry {
  /** Where it stands, e.g. `line 7` or `entry 3`. */
  readonly place: string;
  /** `Type/id` or `Type`, as far as that is known. */
  readonly target: string;
}

/** A part of a file that cannot be sent, and why. */
export interface Unreadable {
  readonly file: string;
  readonly place: string;
  readonly problem: string;
  readonly bytes: number;
}

/** Tells the two apart. */
export function isUnreadable(found: Portion | Unreadable): found is Unreadable {
  return 'problem' in found;
}
