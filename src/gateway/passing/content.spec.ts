import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../../test/support/until.js';
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

  it('that nobody reads any more ends, and ends nothing else', async () => {
    const content = await contentOf(partsOf(COUNT), { stallMs: 1, graceMs: 1, bytesPerSecond: 1 });
    if (!(content instanceof Readable)) throw new Error('It is longer than what is gathered');
    // An error without a listener would be that of the process.
    await eventually(async () => content.closed);

    expect(content.errored?.message).toContain('takes too little');
  });
});
