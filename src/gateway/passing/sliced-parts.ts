import type { Parts } from './content.js';

/** As much as streams buffer. */
const SLICE_BYTES = 65_536;

/** The same in parts of 64 KiB at most, each once it is asked for: a reader has not taken what waits here. */
export function slicedParts(parts: Parts): Parts {
  let rest: Uint8Array = new Uint8Array();
  return {
    next: async () => {
      if (rest.length === 0) {
        const part = await parts.next();
        if (part.done) return part;
        rest = part.value;
      }
      const value = rest.subarray(0, SLICE_BYTES);
      rest = rest.subarray(SLICE_BYTES);
      return { done: false, value };
    },
  };
}
