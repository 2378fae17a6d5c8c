import { exactChange } from './exact-change.js';

const STORED =
  '{"id":"ada","data":{"big":12345678901234567890,"one":1.0,"list":[1.50,2],"deep":{"n":0.10}}}';

describe('exactChange', () => {
  it('keeps the digits of what does not change', () => {
    const user = JSON.parse(STORED) as { id: string; data: Record<string, never> };
    const wanted = { ...user, data: { ...user.data, name: 'Ada', deep: { n: 0.1, m: 2 } } };

    const { value, text } = exactChange(STORED, wanted);

    expect(value).toBe(wanted);
    expect(text).toBe(
      '{"id":"ada","data":{"big":12345678901234567890,"one":1.0,"list":[1.50,2],"deep":{"n":0.10,"m":2},"name":"Ada"}}',
    );
  });

  it('takes away what is not wanted, and replaces what is of another kind', () => {
    expect(exactChange(STORED, { id: 'ada', data: [1] }).text).toBe('{"id":"ada","data":[1]}');
    expect(exactChange(STORED, { id: 'eve' }).text).toBe('{"id":"eve"}');
  });

  it('keeps a member that is named like one that every object inherits', () => {
    const text = '{"data":{"__proto__":1.0,"constructor":2.0}}';
    const stored = JSON.parse(text) as { data: object };

    expect(exactChange(text, { data: { ...stored.data, x: 1 } }).text).toBe(
      '{"data":{"__proto__":1.0,"constructor":2.0,"x":1}}',
    );
  });
});
