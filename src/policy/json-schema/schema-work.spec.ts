import { evaluationOf } from '../decide.js';
import type { Json, JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';

const nested = (levels: number): Json =>
  JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`) as Json;
const list = (length: number, item: Json): Json => Array.from({ length }, () => item);

const outcomeOf = (schema: JsonObject, body: Json): string =>
  evaluationOf(parsePolicy({ id: 'a', engine: 'json-schema', schema }), { body }, false).outcome;

const ofBody = (body: JsonObject, definitions: JsonObject = {}): JsonObject => ({
  required: ['body'],
  properties: { body },
  definitions,
});

const TEXTS = { anyOf: [{ type: 'string' }, { items: { $ref: '#/definitions/t' }, minItems: 1 }] };
const TWICE = {
  anyOf: [
    { type: 'string' },
    { items: { $ref: '#/definitions/t' }, minItems: 1, contains: { $ref: '#/definitions/t' } },
  ],
};

describe('the work of a schema', () => {
  it.each<[string, JsonObject, Json, Json]>([
    [
      'by references that go down several ways at once',
      ofBody({ $ref: '#/definitions/t' }, { t: TWICE }),
      nested(6),
      nested(21),
    ],
    [
      'by an expression with many states',
      ofBody({ type: 'string', pattern: '^(?:[ab]*a[ab]{900})$' }),
      'b'.repeat(200),
      'ab'.repeat(50_000),
    ],
    [
      'by an expression for names',
      ofBody({ patternProperties: { '^(?:[ab]*a[ab]{900})$': { type: 'number' } } }),
      { ab: 1 },
      { ['ab'.repeat(50_000)]: 1 },
    ],
    [
      'by a format on many texts',
      ofBody({ contains: { type: 'string', format: 'regex' } }),
      list(100, '['),
      list(300, `${'\\p{L}'.repeat(10)}\\p{Nothing}`),
    ],
    [
      'by many branches on many items',
      ofBody({ contains: { anyOf: list(200, { type: 'object' }) } }),
      list(100, 1),
      list(20_000, 1),
    ],
    [
      'by many items that fail by a reference',
      ofBody(
        { contains: { $ref: '#/definitions/t' } },
        { t: { anyOf: list(3, { minLength: 2 }) } },
      ),
      list(100, 'x'),
      list(20_000, 'x'),
    ],
    [
      'by going through one value many times',
      ofBody({ allOf: [...(list(50, { items: { type: 'number' } }) as Json[]), { maxItems: 1 }] }),
      list(100, 1),
      list(100_000, 1),
    ],
    [
      'by comparisons with what the request has',
      ofBody({ allOf: list(20, { const: { $data: '#/body' } }) }),
      list(100, 1),
      list(50_000, 1),
    ],
    [
      'by a text that is read as JSON',
      ofBody({ contentMediaType: 'application/json' }),
      `[${'[],'.repeat(1_000)}1]`,
      `[${'[],'.repeat(1_000_000)}1]`,
    ],
    [
      'by items of which none fits',
      ofBody({ not: { contains: { type: 'string' } } }),
      list(100, 1),
      list(500_000, 1),
    ],
    [
      'by looking for equal items again and again',
      ofBody({ not: { anyOf: list(10, { uniqueItems: true }) } }),
      list(100, 1),
      list(50_000, 'x'.repeat(40)),
    ],
  ])('is bounded: %s', (_what, schema, small, large) => {
    expect(outcomeOf(schema, small)).toMatch(/^(?:holds|fails)$/);
    expect(outcomeOf(schema, large)).toBe('error');
  });

  it.each<[string, Json, string]>([
    ['a large body', list(50_000, 'x'), 'holds'],
    ['a deep one', JSON.parse(`${'['.repeat(90)}"x"${']'.repeat(90)}`) as Json, 'holds'],
    ['one with an item that does not fit', [...(list(50_000, 'x') as Json[]), []], 'fails'],
  ])('suffices for %s', (_what, body, outcome) => {
    expect(outcomeOf(ofBody({ $ref: '#/definitions/t' }, { t: TEXTS }), body)).toBe(outcome);
  });

  it('is counted anew for every value', () => {
    const schema = ofBody({ items: { type: 'string', pattern: '^[a-z]{20}$' } });
    const policy = parsePolicy({ id: 'a', engine: 'json-schema', schema });
    const body = list(2_000, 'abcdefghijklmnopqrst');

    const outcomes = Array.from(
      { length: 20 },
      () => evaluationOf(policy, { body }, false).outcome,
    );

    expect(new Set(outcomes)).toEqual(new Set(['holds']));
  });
});
