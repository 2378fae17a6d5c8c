import { TooMuchHeld } from '../upstream/upstream-errors.js';

/** Bytes that large answers may take up. */
export interface RoomLimits {
  /** All of them together. */
  readonly total: number;
  /** Those to one caller. */
  readonly perCaller: number;
}

/** Ten resources of the largest kind; a quarter of them for who asks, as of connections. */
const LIMITS: RoomLimits = { total: 268_435_456, perCaller: 67_108_864 };

/** What all answers together may keep until it is known whether they may go, and until their clients have them. */
export class HeldRoom {
  private taken = 0;
  /** Of those who have any. */
  private readonly takenBy = new Map<string, number>();

  constructor(private readonly limits = LIMITS) {}

  /**
   * The part of one answer, to be closed with it.
   *
   * @param caller whose share it takes from
   */
  open(caller: string): AnswerRoom {
    let own = 0;
    let isClosed = false;
    const take = (bytes: number): void => {
      this.add(caller, bytes - own);
      own = bytes;
    };
    return {
      claim: (bytes) => {
        // A chunk may still be read when its answer was given up.
        if (isClosed) return;
        if (bytes > own) this.assertRoom(caller, bytes - own);
        take(bytes);
      },
      close: () => {
        take(0);
        isClosed = true;
      },
    };
  }

  private assertRoom(caller: string, bytes: number): void {
    const { total, perCaller } = this.limits;
    const isLeft = this.taken + bytes <= total && this.of(caller) + bytes <= perCaller;
    if (!isLeft) throw new TooMuchHeld();
  }

  private add(caller: string, bytes: number): void {
    const taken = this.of(caller) + bytes;
    this.taken += bytes;
    if (taken === 0) this.takenBy.delete(caller);
    else this.takenBy.set(caller, taken);
  }

  private of(caller: string): number {
    return this.takenBy.get(caller) ?? 0;
  }
}

/** What one answer takes up of it. */
export interface AnswerRoom {
  /**
   * Has so many bytes from now on, in place of those it had.
   *
   * @throws TooMuchHeld 503 where all answers together, or those to the caller, would have more than they may
   */
  claim(bytes: number): void;
  /** Gives back what it has; claims after that count for nothing. */
  close(): void;
}
