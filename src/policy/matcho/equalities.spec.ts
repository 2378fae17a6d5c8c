import fc from 'fast-check';
import type { Json, JsonObject } from '../json.js';
import { areEqual, equalitiesOf } from './equalities.js';
import { match } from './match.js';
import { parsePattern } from './parse-pattern.js';
import type { Pattern } from './pattern.js';

const CASES = 20_000;

const scalar = fc.constantFrom<Json>('a', 'b', 1, '1', true);
const key = fc.constantFrom('x', 'y', 'resource/type', '0', '__proto__', 'constructor');

/** Objects of objects of scalars, which as patterns are equalities. */
const { tree } = fc.letrec<{ tree: JsonObject }>((tie) => ({
  tree: fc
    .array(fc.tuple(key, fc.oneof({ maxDepth: 2 }, scalar, tie('tree'))), {
      minLength: 1,
      maxLength: 2,
    })
    .map((entries): JsonObject => Object.fromEntries(entries)),
}));

/** The pattern itself or something else, with more beside it, or without something. */
const subject = (pattern: JsonObject) =>
  fc.oneof(
    fc.constant(pattern),
    tree,
    tree.map((more) => ({ ...more, ...pattern })),
    fc
      .constantFrom(...Object.keys(pattern))
      .map((gone) => Object.fromEntries(Object.entries(pattern).filter(([name]) => name !== gone))),
    fc.constantFrom(...Object.keys(pattern)).map((listed) => ({
      ...pattern,
      [listed]: [pattern[listed] ?? null],
    })),
  );

const cases = tree.chain((pattern) => fc.tuple(fc.constant(pattern), subject(pattern)));

describe('equalities of a pattern', () => {
  // First, while there is room for paths to be shared.
  it('share their paths with those of similar patterns', () => {
    const one = equalitiesOf(parsePattern({ x: { name: 'a' }, y: 1 }));
    const other = equalitiesOf(parsePattern({ x: { name: 'b' }, y: 2 }));

    expect(one?.paths).toBe(other?.paths);
    expect(other?.values).toStrictEqual(['b', 2]);
  });

  it('hold exactly when the pattern matches', () => {
    let held = 0;
    fc.assert(
      fc.property(cases, ([source, asked]) => {
        const pattern = parsePattern(source);
        const equalities = equalitiesOf(pattern);
        if (!equalities) return false;
        const holds = areEqual(equalities, asked);
        if (holds) held += 1;
        return holds === (match(pattern, asked, asked) === undefined);
      }),
      { numRuns: CASES },
    );

    expect(held).toBeGreaterThan(CASES / 4);
    expect(held).toBeLessThan((CASES * 3) / 4);
  });

  it.each<Json>([
    { x: { $enum: ['a'] } },
    { x: { $not: 'a' } },
    { x: { '$one-of': ['a'] } },
    { x: 'a', y: 'present?' },
    { x: 'a', y: 'nil?' },
    { x: 'a', y: '#a' },
    { x: 'a', y: '.x' },
    { x: 'a', y: ['a'] },
    { x: 'a', y: { $reference: { id: 'a' } } },
    { x: 'a', y: { $contains: 'a' } },
    { x: 'a', $not: { y: 'a' } },
  ])('are none where it asks anything else: %j', (source) => {
    expect(equalitiesOf(parsePattern(source))).toBeUndefined();
  });

  it('are none where a pattern asks for an object whatever it holds', () => {
    const anyObject: Pattern = { kind: 'members', of: 'object', members: [], source: {} };

    expect(equalitiesOf(anyObject)).toBeUndefined();
  });

  it('see own properties only', () => {
    const equalities = equalitiesOf(parsePattern({ x: { name: 'a' } }));
    const inherited = Object.create({ x: { name: 'a' } }) as JsonObject;

    expect(equalities && areEqual(equalities, inherited)).toBe(false);
    expect(equalities && areEqual(equalities, { x: { name: 'a' } })).toBe(true);
  });
});
