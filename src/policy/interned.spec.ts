import { Interned } from './interned.js';

describe('interned values', () => {
  it('are the first of their key', () => {
    const interned = new Interned<object>();
    const first = {};

    expect(interned.of('a', first)).toBe(first);
    expect(interned.of('a', {})).toBe(first);
  });

  it('are never those of another key', () => {
    const interned = new Interned<object>();
    const other = {};
    interned.of('a', {});

    expect(interned.of('b', other)).toBe(other);
  });

  it('are kept up to a bound, beyond which each stays what it is', () => {
    const interned = new Interned<object>();
    const kept = {};
    interned.of('kept', kept);
    for (let at = 1; at < 1_000; at += 1) interned.of(`key ${at}`, {});
    const late = {};
    interned.of('late', {});

    expect(interned.of('late', late)).toBe(late);
    expect(interned.of('kept', {})).toBe(kept);
  });

  it('are not kept by keys that are longer than a thousand characters', () => {
    const interned = new Interned<object>();
    const kept = {};
    const late = {};
    interned.of('x'.repeat(1_000), kept);
    interned.of('x'.repeat(1_001), {});

    expect(interned.of('x'.repeat(1_000), {})).toBe(kept);
    expect(interned.of('x'.repeat(1_001), late)).toBe(late);
  });
});
