import { mapHeaders, rememberedByName } from './headers.js';

describe('mapHeaders', () => {
  it('gives every header under its name in lower case the value that is shown of it', () => {
    const headers = { Accept: 'a', 'x-many': ['b', 'c'], 'x-hidden': 'd', 'x-absent': undefined };

    expect(mapHeaders(headers, (name, value) => (name === 'x-hidden' ? undefined : value))).toEqual(
      { accept: 'a', 'x-many': ['b', 'c'] },
    );
  });

  it('inherits nothing from a header named __proto__', () => {
    const headers = JSON.parse('{"__proto__":["Bearer"],"accept":"a"}') as Record<string, string>;
    const shown = mapHeaders(headers, (_name, value) => value);

    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
    expect(shown).toEqual({ accept: 'a' });
  });
});

describe('rememberedByName', () => {
  it('asks once of each name, and answers as asked', () => {
    const asked: string[] = [];
    const isShort = rememberedByName((name) => {
      asked.push(name);
      return name.length < 3;
    });

    expect(['ab', 'abc', 'ab', 'abc'].map(isShort)).toEqual([true, false, true, false]);
    expect(asked).toEqual(['ab', 'abc']);
  });
});
