import fc from 'fast-check';
import { compileRegex } from './regex.js';
import { UnsupportedRegex } from './regex-syntax.js';

/** Expressions that Java and ECMA 262 read alike, over letters that the subjects hold. */
const { expression } = fc.letrec<{ expression: string; quantified: string; element: string }>(
  (tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('quantified'),
      fc.constantFrom('^', '$', '\\b', '\\B'),
      fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join('')),
      fc.tuple(tie('expression'), tie('expression')).map((parts) => `(?:${parts.join('|')})`),
      fc
        .tuple(fc.constantFrom('?=', '?!', '?<=', '?<!'), tie('expression'))
        .map(([kind, inner]) => `(${kind}${inner})`),
    ),
    quantified: fc
      .tuple(tie('element'), fc.constantFrom('', '', '', '*', '+', '?', '*?', '{0,2}', '{2}'))
      .map((parts) => parts.join('')),
    element: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', 'A', '/', '.', '[ab]', '[^a]', '[a-c/]', '\\w', '\\W', '\\d', 'é'),
      tie('expression').map((inner) => `(?:${inner})`),
      tie('expression').map((inner) => `(${inner})`),
    ),
  }),
);

// None beyond the basic plane: ECMA's engine here takes the middle of a surrogate pair for a position.
const subject = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '/', '1', ' ', '\n', 'é'), { maxLength: 10 })
  .map((letters) => letters.join(''));

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
    const texts = fc.array(fc.constantFrom(...'ab\\QEpPdwk1(){}[]^$|?*+-:<=!>&,.,20'.split('')), {
      maxLength: 16,
    });
    fc.assert(
      fc.property(texts, subject, (parts, text) => {
        try {
          return typeof compileRegex(parts.join('')).test(text) === 'boolean';
        } catch (error) {
          return error instanceof UnsupportedRegex;
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
