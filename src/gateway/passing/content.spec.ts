import { setTimeout as delay } from 'node:timers/promises';
import { contentOf, type Parts } from './content.js';

const PART = Buffer.alloc(65_536, 'x');
const COUNT = 200;

/** So many parts. */
function partsOf(count: number): Parts {
  let left = count;
  return {
    next: async () => {
      left -= 1;
      return left < 0 ? { done: true, value: undefined } : { done: false, value: PART };
    },
  };
}

/** Reads with a pause after each part. */
async function read(bytesPerSecond: number): Promise<number> {
  const pace = { stallMs: 60_000, graceMs: 100, bytesPerSecond };
  let bytes = 0;
  for await (const part of await contentOf(partsOf(COUNT), pace)) {
    bytes += (part as Buffer).length;
    await delay(2);
  }
  return bytes;
}

describe('the content of an answer', () => {
  it('breaks off for a reader that takes less than it is to', async () => {
    await expect(read(1e9)).rejects.toThrow('takes too little');
  });

  it('comes whole to one that takes as much', async () => {
    await expect(read(1)).resolves.toBe(COUNT * PART.length);
  });
});
