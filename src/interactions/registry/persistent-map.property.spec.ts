import fc from 'fast-check';
import { PersistentMap } from './persistent-map.js';

const key = fc.constantFrom(...Array.from({ length: 400 }, (_, at) => `k${at}`));
const changes = fc.array(fc.tuple(key, fc.option(fc.integer(), { nil: undefined })), {
  maxLength: 60,
});

/** What a Map says after the same changes. */
function changedMap(
  from: ReadonlyMap<string, number>,
  all: readonly (readonly [string, number | undefined])[],
) {
  const map = new Map(from);
  for (const [name, value] of all) {
    if (value === undefined) map.delete(name);
    else map.set(name, value);
  }
  return map;
}

function contentOf(map: { keys(): Iterable<string>; values(): Iterable<number>; size: number }) {
  return {
    size: map.size,
    keys: [...map.keys()].sort(),
    values: [...map.values()].sort((one, other) => one - other),
  };
}

describe('a map that never changes', () => {
  it('holds what a Map holds after the same changes, and keeps what it held before', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 8 }), (steps) => {
        let expected: ReadonlyMap<string, number> = new Map();
        let map = PersistentMap.of<number>([]);
        const earlier: [PersistentMap<number>, ReadonlyMap<string, number>][] = [];
        for (const step of steps) {
          earlier.push([map, expected]);
          expected = changedMap(expected, step);
          map = map.with(new Map(step));
        }
        for (const [one, other] of [...earlier, [map, expected] as const]) {
          expect(contentOf(one)).toEqual(contentOf(other));
          for (const name of other.keys()) expect(one.get(name)).toBe(other.get(name));
        }
        expect(contentOf(PersistentMap.of(expected))).toEqual(contentOf(expected));
        expect(map.get('absent')).toBeUndefined();
      }),
    );
  });

  it('takes the last of repeated keys', () => {
    const map = PersistentMap.of([
      ['a', 1],
      ['a', 2],
    ]);
    expect([map.size, map.get('a')]).toEqual([1, 2]);
  });
});
