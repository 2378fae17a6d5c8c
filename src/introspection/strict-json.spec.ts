import { parseStrictJson } from './strict-json.js';

function parse(text: string): unknown {
  return parseStrictJson(Buffer.from(text));
}

describe('parseStrictJson', () => {
  it.each([
    '{}',
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"\\"b\\":1,\\"b\\":2"}',
    '{"a":"x\\\\","b":": \\" :"}',
    '{ "a" : "b" , "constructor" : [] }',
    '{"":{"":""}}',
  ])('reads %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"b":[{"a":{"c":1,"c":2}}]}',
    '{"__proto__":1}',
    '{"a":{"__proto__":{"admin":true}}}',
    '[]',
    '"a"',
    'null',
    '',
    '{"a":1}x',
    "{'a':1}",
    '{"a":NaN}',
  ])('refuses %s', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8, and a byte order mark', () => {
    expect(parseStrictJson(Buffer.from('{"\xe9":1}', 'latin1'))).toBeUndefined();
    expect(parse('\uFEFF{}')).toBeUndefined();
  });

  it('reads thirty-two levels and no more', () => {
    const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

    expect(parse(nested(32))).toBeDefined();
    expect(parse(nested(33))).toBeUndefined();
  });

  it('freezes every level', () => {
    const value = parse('{"a":[{"b":1}]}') as { a: [{ b: number }] };

    expect([value, value.a, value.a[0]].every(Object.isFrozen)).toBe(true);
  });
});
