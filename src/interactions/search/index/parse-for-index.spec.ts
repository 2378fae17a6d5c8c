import { decimalText, parseForIndex } from './parse-for-index.js';

describe('parseForIndex', () => {
  it.each([
    ['{"value": 1.50}', '1.5'],
    ['{"value": 0.12345678901234567891}', '0.12345678901234567891'],
    ['{"value": -9007199254740993}', '-9007199254740993'],
    ['{"value": 123456789012345}', '123456789012345'],
    [`{"value": 1${'0'.repeat(300)}}`, '1e+300'],
  ])('keeps the number in %s as %s', (text, decimal) => {
    const { value } = parseForIndex(text) as { readonly value: number };

    expect(decimalText(value)).toBe(decimal);
  });

  it('reads everything else as it is', () => {
    const text = '{"a": [true, null, "12345678901234567890"], "b": {"c": 2}}';

    expect(parseForIndex(text)).toEqual({ a: [true, null, '12345678901234567890'], b: { c: 2 } });
  });
});

describe('decimalText', () => {
  it.each([['x'], ['1e5'], [''], ['.5'], [true], [null], [undefined], [{ value: 1 }], [[1]]])(
    'is none of %j',
    (value) => {
      expect(decimalText(value)).toBeUndefined();
    },
  );
});
