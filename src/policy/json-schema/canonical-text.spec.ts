import { jest } from '@jest/globals';
import type { Json, JsonObject } from '../json.js';
import { canonicalText } from './canonical-text.js';

describe('the text of a value', () => {
  it.each<[Json, Json]>([
    [
      { a: 1, b: [{ c: null, d: 'x' }] },
      { b: [{ d: 'x', c: null }], a: 1 },
    ],
    [1, 1],
    [-0, 0],
  ])('is that of one that is equal: %j', (one, other) => {
    expect(canonicalText(one)).toBe(canonicalText(other));
  });

  it.each<[Json, Json]>([
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [[[1], 2], [[1, 2]]],
    [{ a: { b: 1 } }, { a: {}, b: 1 }],
    ['1', 1],
    [
      [1, '2,3'],
      [1, 2, 3],
    ],
    [{ 'a":1,"b': 1 }, { a: 1, b: 1 }],
    [null, 'null'],
  ])('is another for %j than for %j', (one, other) => {
    expect(canonicalText(one)).not.toBe(canonicalText(other));
  });

  it('is put together once, however deep the value is', () => {
    let value: JsonObject = { text: 'x'.repeat(1000) };
    for (let level = 0; level < 90; level += 1) value = { a: value, b: 1 };
    const join = jest.spyOn(Array.prototype, 'join');
    canonicalText(value);

    expect(join).toHaveBeenCalledTimes(1);
    join.mockRestore();
  });
});
