import type { Parts } from './content.js';
import type { AnswerRoom } from './held-room.js';

/** As much as streams buffer. */
const SLICE_BYTES = 65_536;
/** Bytes that each answer may keep without taking up room: as much as lies in streams anyway. */
const FREE_BYTES = 131_072;

/** Parts that come once it is known whether they may go. */
export interface HeldParts extends Parts {
  /** Bytes that were read, and do not come yet. */
  readonly heldBytes: number;
}

/**
 * The same in parts of 64 KiB at most, each once it is asked for: a reader has not taken what waits here. What waits
 * or is held takes up room.
 *
 * @returns parts whose next throws TooMuchHeld where there is no room
 */
export function slicedParts(parts: HeldParts, room: Pick<AnswerRoom, 'claim'>): Parts {
  let slices: Uint8Array[] = [];
  let waiting = 0;
  return {
    next: async () => {
      if (slices.length === 0) {
        const part = await parts.next();
        if (part.done) return part;
        slices = sliced(part.value);
        waiting = part.value.length;
      }
      const kept = parts.heldBytes + waiting;
      room.claim(kept > FREE_BYTES ? kept : 0);
      const value = slices.shift() ?? new Uint8Array();
      waiting -= value.length;
      return { done: false, value };
    },
  };
}

/** Copies, unless it is short: a slice of what is large would keep all of it. */
function sliced(part: Uint8Array): Uint8Array[] {
  if (part.length <= SLICE_BYTES) return [part];
  const slices: Uint8Array[] = [];
  for (let at = 0; at < part.length; at += SLICE_BYTES) {
    slices.push(Buffer.from(part.subarray(at, at + SLICE_BYTES)));
  }
  return slices;
}
