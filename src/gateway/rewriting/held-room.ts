import { TooMuchHeld } from '../upstream/upstream-errors.js';

/** Bytes that large answers may take up together: ten resources of the largest kind. */
const MAX_BYTES = 268_435_456;

/** What all answers together may keep until it is known whether they may go. */
export class HeldRoom {
  private taken = 0;

  /** @param maxBytes of all answers together */
  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** The part of one answer, to be closed with it. */
  open(): AnswerRoom {
    let own = 0;
    let isClosed = false;
    return {
      claim: (bytes) => {
        // A chunk may still be read when its answer was given up.
        if (isClosed) return;
        const taken = this.taken - own + bytes;
        if (bytes > own && taken > this.maxBytes) throw new TooMuchHeld();
        this.taken = taken;
        own = bytes;
      },
      close: () => {
        this.taken -= own;
        own = 0;
        isClosed = true;
      },
    };
  }
}

/** What one answer takes up of it. */
export interface AnswerRoom {
  /**
   * Has so many bytes from now on, in place of those it had.
   *
   * @throws TooMuchHeld 503 where all answers together would have more than they may
   */
  claim(bytes: number): void;
  /** Gives back what it has; claims after that count for nothing. */
  close(): void;
}
