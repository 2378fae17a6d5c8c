import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../json.js';
import { jsonText } from './json-text.js';

const LIMIT = 1_000;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('jsonText', () => {
  it('is the text of any value that is short enough', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(jsonText(value as Json, text.length)).toBe(text);
      }),
    );
  });

  it.each<[string, Json]>([
    ['long texts', { a: ['x'.repeat(600), 'y'.repeat(600)] }],
    ['many items', Array.from({ length: 1_001 }, () => 1)],
    ['many names', Object.fromEntries(Array.from({ length: 251 }, (_, at) => [`${at}`, 1]))],
    ['a long name', { ['x'.repeat(1_001)]: 1 }],
    ['much within', [[{ a: [[[Array.from({ length: 400 }, () => [1])]]] }]]],
  ])('writes out nothing that is too long: %s', (_what, value) => {
    const stringify = jest.spyOn(JSON, 'stringify');

    expect(jsonText(value, LIMIT)).toBeUndefined();
    expect(jsonText(value, LIMIT)).toBeUndefined();
    expect(stringify).not.toHaveBeenCalled();
  });

  it('goes through a large value once, whether it is too long or not', () => {
    const members = (count: number): JsonObject =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
    let times = 0;
    const counted = (value: JsonObject): JsonObject =>
      new Proxy(value, {
        ownKeys(target) {
          times += 1;
          return Reflect.ownKeys(target);
        },
      });
    const [short, long] = [counted(members(50)), counted(members(50_000))];
    const stringify = jest.spyOn(JSON, 'stringify');

    for (let count = 0; count < 10; count += 1) {
      expect(jsonText(short, LIMIT)).toMatch(/^\{"k0":1,/);
      expect(jsonText(long, LIMIT)).toBeUndefined();
    }

    // To count the names, to measure what is short and to write it out; to count those of what is long.
    expect(times).toBe(4);
    expect(stringify).toHaveBeenCalledTimes(1);
  });
});
