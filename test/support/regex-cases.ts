import fc from 'fast-check';

/** Expressions that Java and ECMA 262 read alike, over letters that the subjects hold. */
export const { expression } = fc.letrec<{
  expression: string;
  quantified: string;
  element: string;
}>((tie) => ({
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
}));

/**
 * Texts that they may match. None beyond the basic plane: ECMA's engine takes the middle of a surrogate pair for
 * a position.
 */
export const subject = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '/', '1', ' ', '\n', 'é'), { maxLength: 10 })
  .map((letters) => letters.join(''));

/** Whatever somebody may type for an expression. */
export const expressionText = fc
  .array(fc.constantFrom(...'ab\\QEpPdwk1(){}[]^$|?*+-:<=!>&,.,20'.split('')), { maxLength: 16 })
  .map((parts) => parts.join(''));
