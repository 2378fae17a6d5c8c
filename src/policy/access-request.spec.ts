import { prune } from './access-request.js';
import type { Json, JsonObject } from './json.js';

describe('prune', () => {
  it('removes empty values and what becomes empty by it', () => {
    const value = {
      a: '',
      b: [],
      c: {},
      d: null,
      e: { f: [{ g: null }] },
      h: [1, '', [null], 'x'],
    };

    expect(prune(value)).toEqual({ h: [1, 'x'] });
  });

  it('keeps false, zero and white space', () => {
    expect(prune({ a: false, b: 0, c: ' ' })).toEqual({ a: false, b: 0, c: ' ' });
  });

  it.each([[''], [null], [[]], [{}], [{ a: [{}] }]])('leaves nothing of %j', (value) => {
    expect(prune(value)).toBeUndefined();
  });

  it('leaves the input alone', () => {
    const value = Object.freeze({ a: Object.freeze(['', 1]) });

    expect(prune(value)).toEqual({ a: [1] });
    expect(value).toEqual({ a: ['', 1] });
  });

  it('keeps a key named __proto__ an own property', () => {
    const pruned = prune(JSON.parse('{"__proto__": {"admin": true}}') as Json) as JsonObject;

    expect(Object.hasOwn(pruned, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(pruned)).toBe(Object.prototype);
  });

  it('walks values that are nested deeper than the call stack', () => {
    const deep = JSON.parse('['.repeat(200_000) + '1' + ']'.repeat(200_000)) as Json;

    expect(Array.isArray(prune(deep))).toBe(true);
  });
});
