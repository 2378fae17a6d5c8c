import fc from 'fast-check';
import { prune, type AccessRequest } from './access-request.js';
import { decide } from './decide.js';
import { inEvaluationOrder } from './evaluation-order.js';
import type { Json, JsonObject } from './json.js';
import { explain } from './matcho/explain.js';
import { match } from './matcho/match.js';
import { parsePattern } from './matcho/parse-pattern.js';
import { parsePolicy } from './parse-policy.js';
import type { Policy } from './policy.js';

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const key = fc.constantFrom('user', 'jwt', 'uri', 'role', 'x');
const request = fc.dictionary(key, json).map((value) => (prune(value) ?? {}) as AccessRequest);

const scalar = fc.oneof(
  fc.constantFrom('present?', 'nil?', 'not-blank?', '.user.x', '.jwt', '.x.0', '#^a', '#(?!a)b'),
  fc.constantFrom('a', 'b', 0, 1, true, false),
);
const { pattern } = fc.letrec<{ pattern: Json }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.dictionary(key, tie('pattern'), { minKeys: 1, maxKeys: 3 }),
    fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }),
    tie('pattern').map(($not) => ({ $not })),
    tie('pattern').map(($contains) => ({ $contains })),
    tie('pattern').map(($every) => ({ $every })),
    tie('pattern').map(($reference) => ({ $reference })),
    fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((list) => ({ '$one-of': list })),
    fc
      .array(tie('pattern'), { minLength: 1, maxLength: 3 })
      .map((list) => ({ '$present-all': list })),
    fc.constantFrom({ $enum: '.x' }, { $enum: ['a', 1] }, { $length: 1 }, { '$one-of': '.jwt' }),
  ),
}));

const policy: fc.Arbitrary<Policy> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    source: fc.oneof(
      fc.constant({ engine: 'allow' }),
      pattern.map((matcho) => ({ engine: 'matcho', matcho })),
      fc.constantFrom<JsonObject>(
        { engine: 'json-schema', schema: { required: ['user'] } },
        { engine: 'json-schema', schema: { not: { const: { $data: '#/x' } } } },
        { engine: 'json-schema', schema: { $ref: '#' } },
        { engine: 'allow', roleName: 'nurse' },
        { engine: 'allow', link: [{ reference: 'User/u1' }] },
      ),
    ),
  })
  .map(({ id, source }) => parsePolicy({ ...source, id }));

function effect(
  policies: readonly Policy[],
  asked: AccessRequest,
  administration: boolean,
): string {
  const decision = decide(policies, asked, { administration });
  return 'effect' in decision ? decision.effect : 'undecided';
}

const runs = { numRuns: 50 };

describe('decide, for any policies and requests', () => {
  it('denies without policies', () => {
    fc.assert(
      fc.property(request, fc.boolean(), (asked, administration) => {
        expect(effect([], asked, administration)).toBe('deny');
      }),
      runs,
    );
  });

  it('gives the same effect in any order', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 5 }),
        request,
        fc.boolean(),
        (some, asked, strict) => {
          const inOrder = effect(inEvaluationOrder(some), asked, strict);

          expect(effect([...some].reverse(), asked, strict)).toBe(inOrder);
        },
      ),
      runs,
    );
  });

  it('never denies for one policy more', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 4 }),
        policy,
        request,
        fc.boolean(),
        (some, more, asked, strict) => {
          fc.pre(effect(some, asked, strict) === 'allow');

          expect(effect([...some, more], asked, strict)).toBe('allow');
        },
      ),
      runs,
    );
  });

  it('never allows more for being strict about administration', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), request, (some, asked) => {
        fc.pre(effect(some, asked, true) === 'allow');

        expect(effect(some, asked, false)).toBe('allow');
      }),
      runs,
    );
  });
});

describe('match, for any JSON', () => {
  it('is total, and agrees with explain', () => {
    fc.assert(
      fc.property(pattern, json, request, (written, subject, context) => {
        const parsed = parsePattern(written);
        const first = match(parsed, subject, context);

        expect(explain(parsed, subject, context)[0]).toEqual(first);
      }),
    );
  });

  it('never holds for a negation whose path leads nowhere', () => {
    fc.assert(
      fc.property(pattern, json, (written, subject) => {
        const parsed = parsePattern({ $not: { '$one-of': [written, '.no.where'] } });

        expect(match(parsed, subject, {})).toBeDefined();
      }),
    );
  });
});

function isEmptySomewhere(value: Json): boolean {
  if (value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  const children: readonly Json[] = Object.values(value);
  return children.length === 0 || children.some(isEmptySomewhere);
}

describe('prune, for any JSON', () => {
  it('leaves nothing empty, and nothing to prune', () => {
    fc.assert(
      fc.property(json, (value) => {
        const pruned = prune(value);
        fc.pre(pruned !== undefined);

        expect(isEmptySomewhere(pruned)).toBe(false);
        expect(prune(pruned)).toEqual(pruned);
      }),
    );
  });
});
