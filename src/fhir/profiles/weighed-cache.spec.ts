import { WeighedCache } from './weighed-cache.js';

/** Keeps what the letters name, one after the other, and says which of them are there in the end. */
function kept(names: string, weights: Record<string, number> = {}): string {
  const cache = new WeighedCache<{ weight: number }>({ entries: 3, weight: 10 });
  for (const name of names) {
    if (!cache.get(name)) cache.keep(name, { weight: weights[name] ?? 1 });
  }
  return [...new Set(names)].filter((name) => cache.get(name)).join('');
}

describe('WeighedCache', () => {
  it.each([
    ['all that has room', 'abc', {}, 'abc'],
    ['what was used last of what are too many', 'abcad', {}, 'acd'],
    ['what was used last of what is too heavy together', 'abc', { a: 4, b: 4, c: 4 }, 'bc'],
    ['the others where one is too heavy by itself', 'abc', { c: 11 }, 'ab'],
  ])('keeps %s', (_what, names, weights, expected) => {
    expect(kept(names, weights)).toBe(expected);
  });

  it('has the room of what it has forgotten', () => {
    const cache = new WeighedCache<{ weight: number }>({ entries: 3, weight: 10 });
    cache.keep('a', { weight: 10 });
    cache.keep('a', { weight: 9 });
    cache.keep('b', { weight: 1 });
    expect(cache.get('a')).toEqual({ weight: 9 });

    cache.clear();
    expect(cache.get('a')).toBeUndefined();
    cache.keep('c', { weight: 10 });
    expect(cache.get('c')).toEqual({ weight: 10 });
  });
});
