import { HeldRoom } from './held-room.js';
import { slicedParts, type HeldParts } from './sliced-parts.js';

const KIB_64 = 65_536;
const MIB = 1_048_576;

describe('slicedParts', () => {
  it('asks for more only when all of a part was taken', async () => {
    const given = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(2 * KIB_64 + 1, 'b')];
    let asked = 0;
    const source: HeldParts = {
      heldBytes: 0,
      next: async () => {
        const value = given[asked];
        asked += 1;
        return value === undefined ? { done: true, value } : { done: false, value };
      },
    };
    const sliced = slicedParts(source, new HeldRoom().open('a'));
    const taken: [number | undefined, number][] = [];
    for (let part = await sliced.next(); !part.done; part = await sliced.next()) {
      taken.push([part.value.length, asked]);
    }

    expect(taken).toEqual([
      [1, 1],
      [0, 2],
      [KIB_64, 3],
      [KIB_64, 3],
      [1, 3],
    ]);
  });

  it('takes up room for what is held and for what waits, until that is taken', async () => {
    const claimed: number[] = [];
    const given = [Buffer.alloc(0), Buffer.alloc(2 * MIB, 'b')];
    let asked = 0;
    const source: HeldParts = {
      get heldBytes() {
        return asked < 2 ? 2 * MIB : 0;
      },
      next: async () => {
        asked += 1;
        return { done: false, value: given[asked - 1] ?? Buffer.alloc(0) };
      },
    };
    const sliced = slicedParts(source, { claim: (bytes) => claimed.push(bytes) });
    for (let at = 0; at < 33; at += 1) await sliced.next();

    const slices = Array.from({ length: 30 }, (_, at) => 2 * MIB - at * KIB_64);
    // What is left then lies in streams anyway.
    expect(claimed).toEqual([2 * MIB, ...slices, 0, 0]);
  });

  it('keeps no more than what waits', async () => {
    const whole = Buffer.alloc(2 * MIB);
    const source: HeldParts = {
      heldBytes: 0,
      next: async () => ({ done: false, value: whole }),
    };
    const part = await slicedParts(source, new HeldRoom().open('a')).next();

    expect(part.done ? undefined : part.value.buffer.byteLength).toBe(KIB_64);
  });
});
