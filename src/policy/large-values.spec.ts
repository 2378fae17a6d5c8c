import { evaluationOf, type Evaluation } from './decide.js';
import type { Json, JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';

const TOO_LARGE = 'the request is too large for this pattern';

const members = (count: number, prefix = 'k', value: Json = 1): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, value]));
const list = (length: number, item: Json): Json[] => Array.from({ length }, () => item);

/** The same value, and how often its keys are listed, each of which takes time for all of them. */
function listed<Value extends JsonObject | Json[]>(value: Value): [Value, () => number] {
  let times = 0;
  const counting = new Proxy(value, {
    ownKeys(target) {
      times += 1;
      return Reflect.ownKeys(target);
    },
  });
  return [counting, () => times];
}

const matcho = (pattern: Json): JsonObject => ({ id: 'a', engine: 'matcho', matcho: pattern });
const ofBody = (body: Json): JsonObject => ({
  id: 'a',
  engine: 'json-schema',
  schema: { required: ['body'], properties: { body } },
});
const evaluated = (policy: JsonObject, body: JsonObject): Evaluation =>
  evaluationOf(parsePolicy(policy), { body }, false);

describe('a large value that many small ones are compared with', () => {
  it.each<[string, JsonObject, JsonObject, Json]>([
    ['$contains', matcho({ body: { list: { $contains: '.body.big' } } }), members(5_000), { a: 1 }],
    [
      'a member of $contains',
      matcho({ body: { list: { $contains: { by: '.body.big' } } } }),
      members(5_000),
      { by: { reference: 'Patient/1' } },
    ],
    [
      '$not',
      matcho({ body: { list: { $every: { $not: '.body.big' } } } }),
      members(5_000),
      { a: 1 },
    ],
    [
      '$contains, in the form of a reference',
      matcho({ body: { list: { $contains: '.body.big' } } }),
      { reference: 'Patient/1', ...members(5_000, '_') },
      'Patient/1',
    ],
    [
      'const in contains',
      ofBody({ properties: { list: { contains: { const: { $data: '#/body/big' } } } } }),
      members(5_000),
      { a: 1 },
    ],
    [
      'const in items',
      ofBody({ properties: { list: { items: { not: { const: { $data: '#/body/big' } } } } } }),
      members(5_000),
      { a: 1 },
    ],
  ])('is gone through once: %s', (_what, policy, target, item) => {
    const [big, times] = listed(target);

    const { outcome } = evaluated(policy, { big, list: list(1_000, item) });

    expect(outcome).toMatch(/^(?:holds|fails)$/);
    expect(times()).toBe(1);
  });

  it.each([
    ['$enum', matcho({ body: { list: { $every: { $enum: '.body.big' } } } })],
    ['a path', matcho({ body: { list: { $every: '.body.big' } } })],
    ['$not', matcho({ body: { list: { $every: { $not: '.body.big' } } } })],
    ['const', ofBody({ properties: { list: { contains: { const: { $data: '#/body/big' } } } } })],
  ])('is not gone through for its keys where it is an array: %s', (_what, policy) => {
    const [big, times] = listed(list(5_000, 1));

    evaluated(policy, { big, list: list(1_000, 1) });

    expect(times()).toBe(0);
  });

  it('is gone through as often as the work suffices where it is as large as they are', () => {
    const [big, times] = listed(members(20_000, 'a'));
    const pattern = { body: { other: { '$one-of': list(1_000, '.body.big') } } };
    const schema = { anyOf: list(500, { const: { $data: '#/body/big' } }) };
    const body = { big, other: members(20_000, 'b') };

    const compared = evaluated(matcho(pattern), body);
    const validated = evaluated(ofBody({ properties: { other: schema } }), body);

    expect(compared).toMatchObject({ outcome: 'fails', mismatch: { but: TOO_LARGE } });
    expect(validated).toMatchObject({ outcome: 'error', error: TOO_LARGE });
    expect(times()).toBeLessThan(50);
  });

  it('is equal to one with the same members in another order', () => {
    const big = members(2_000);
    const other = Object.fromEntries(Object.entries(big).reverse());
    const schema = { properties: { other: { const: { $data: '#/body/big' } } } };

    for (const policy of [matcho({ body: { other: '.body.big' } }), ofBody(schema)]) {
      expect(evaluated(policy, { big, other }).outcome).toBe('holds');
      expect(evaluated(policy, { big, other: { ...other, k7: 2 } }).outcome).toBe('fails');
      expect(evaluated(policy, { big, other: { ...other, k: 1 } }).outcome).toBe('fails');
    }
  });
});

describe('going through a large value', () => {
  const blank = ' '.repeat(1_000_000);
  const long = (last: string): string => `${'x'.repeat(1_000_000)}${last}`;

  it.each<[string, JsonObject, JsonObject]>([
    ['blank texts', { text: { $not: { '$one-of': list(500, 'not-blank?') } } }, { text: blank }],
    [
      'texts of one length',
      { text: { $not: { '$one-of': list(500, '.body.other') } } },
      { text: long('a'), other: long('b') },
    ],
    [
      'references',
      { refs: { $every: { $not: { '$one-of': list(500, '.body.other') } } } },
      {
        refs: list(100, { reference: `urn:${'x'.repeat(2_000)}` }),
        other: { reference: `urn:${'y'.repeat(2_000)}` },
      },
    ],
    ['ways down to it', { a: { '$one-of': list(4_000, `.body${'.a'.repeat(500)}`) } }, { a: 1 }],
  ])('is counted: %s', (_what, pattern, body) => {
    const [name = ''] = Object.keys(pattern);
    const small = Object.fromEntries(Object.keys(body).map((key) => [key, key]));

    expect(evaluated(matcho({ body: pattern }), body)).toMatchObject({
      outcome: 'fails',
      mismatch: { but: TOO_LARGE },
    });
    expect(evaluated(matcho({ body: { [name]: name } }), small).outcome).toBe('holds');
  });

  it.each<[string, Json]>([
    ['maxProperties', { not: { anyOf: list(100, { maxProperties: 1 }) } }],
    ['propertyNames', { allOf: list(100, { propertyNames: { type: 'string' } }) }],
    ['additionalProperties', { allOf: list(100, { additionalProperties: { type: 'number' } }) }],
    [
      'patternProperties',
      { patternProperties: Object.fromEntries(list(100, 0).map((_, at) => [`^x${at}`, false])) },
    ],
    ['patternProperties in turn', { allOf: list(100, { patternProperties: { '^x': false } }) }],
    ['enum', { not: { anyOf: list(100, { enum: [{ a: 1 }] }) } }],
  ])('is counted for as many keys as it has: %s', (_what, schema) => {
    const [body, times] = listed(members(20_000));
    const policy = ofBody(schema);

    expect(evaluated(policy, body)).toMatchObject({ outcome: 'error', error: TOO_LARGE });
    expect(times()).toBeLessThan(50);
    expect(evaluated(policy, members(20)).outcome).toBe('holds');
  });

  it('is counted for the texts that expressions for names are tried on', () => {
    const names = Object.fromEntries(list(200, 0).map((_, at) => [`^x${at}`, false]));

    expect(evaluated(ofBody({ patternProperties: names }), members(2_000)).outcome).toBe('error');
    expect(evaluated(ofBody({ patternProperties: names }), members(100)).outcome).toBe('holds');
  });
});
