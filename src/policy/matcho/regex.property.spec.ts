import fc from 'fast-check';
import { expression, expressionText, subject } from '../../../test/support/regex-cases.js';
import { compileRegex } from './regex.js';
import { UnsupportedRegex } from './regex-syntax.js';

describe('compileRegex', () => {
  it('finds what the expressions of ECMA 262 find, where the dialects agree', () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, subject, (source, text) => {
        try {
          const found = compileRegex(source).test(text);
          compared += 1;
          return found === new RegExp(source, 'u').test(text);
        } catch (error) {
          // Larger than is taken, once repetitions are written out.
          if (error instanceof UnsupportedRegex) return true;
          throw error;
        }
      }),
      { numRuns: 3_000 },
    );

    expect(compared).toBeGreaterThan(2_500);
  });

  it('takes or refuses any text, and never throws anything else', () => {
    fc.assert(
      fc.property(expressionText, subject, (source, text) => {
        try {
          return typeof compileRegex(source).test(text) === 'boolean';
        } catch (error) {
          return error instanceof UnsupportedRegex;
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
