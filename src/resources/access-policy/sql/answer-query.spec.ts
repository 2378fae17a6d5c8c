import { isGrant } from './answer-query.js';

describe('isGrant', () => {
  it.each([
    ['boolean', 'true'],
    ['integer', '1'],
    ['bigint', '-7'],
    ['smallint', '10'],
    ['numeric', '0.0001'],
    ['double precision', '1e-300'],
    ['real', '-Infinity'],
  ])('is true for %s %s', (type, value) => {
    expect(isGrant([[type, value]])).toBe(true);
  });

  it.each([
    ['boolean', 'false'],
    ['boolean', null],
    ['integer', '0'],
    ['numeric', '0.000'],
    ['numeric', 'NaN'],
    ['double precision', '-0'],
    ['double precision', '0e10'],
    ['text', 'true'],
    ['text', '1'],
    ['jsonb', 'true'],
    ['boolean[]', '{t}'],
  ])('is false for %s %s', (type, value) => {
    expect(isGrant([[type, value]])).toBe(false);
  });

  it('is false for no row and for several', () => {
    expect(isGrant([])).toBe(false);
    expect(
      isGrant([
        ['boolean', 'true'],
        ['boolean', 'true'],
      ]),
    ).toBe(false);
  });
});
