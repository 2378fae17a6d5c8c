import { readFileSync } from 'node:fs';
import { BadRequest } from '../../errors/fhir-error.js';
import { parseToken, splitValues, unescapeValue } from './search-values.js';

interface TokenVector {
  readonly name: string;
  readonly token: string;
  readonly system: string | null;
  readonly value: string;
}

const file = new URL('../../../test/vectors/search/tokens.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as TokenVector[];

describe('parseToken', () => {
  it.each(vectors)('$name', ({ token, system, value }) => {
    expect(parseToken(token)).toEqual({ system: system ?? undefined, value });
  });
});

describe('splitValues', () => {
  it.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['a\\,b,c', ['a\\,b', 'c']],
    ['a\\\\,b', ['a\\\\', 'b']],
    [',', ['', '']],
    ['a\\', ['a\\']],
  ])('takes %j apart', (text, values) => {
    expect(splitValues(text)).toEqual(values);
  });

  it('makes no more parts than tell that there are too many', () => {
    expect(splitValues('a,'.repeat(100_000), 3)).toHaveLength(4);
    expect(splitValues('a,b\\,c,d', 3)).toEqual(['a', 'b\\,c', 'd']);
  });
});

describe('unescapeValue', () => {
  it('takes off one level of escapes', () => {
    expect(unescapeValue('\\\\,')).toBe('\\,');
  });

  it.each(['\\', 'a\\b', '\\\\\\'])('refuses %j', (value) => {
    expect(() => unescapeValue(value)).toThrow(BadRequest);
  });
});
