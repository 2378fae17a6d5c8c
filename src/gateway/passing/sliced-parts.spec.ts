import type { Parts } from './content.js';
import { slicedParts } from './sliced-parts.js';

const KIB_64 = 65_536;

describe('slicedParts', () => {
  it('asks for more only when all of a part was taken', async () => {
    const given = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(2 * KIB_64 + 1, 'b')];
    let asked = 0;
    const source: Parts = {
      next: async () => {
        const value = given[asked];
        asked += 1;
        return value === undefined ? { done: true, value } : { done: false, value };
      },
    };
    const sliced = slicedParts(source);
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
});
