import fc from 'fast-check';
import { naiveValid } from '../../../test/support/naive-json-schema.js';
import type { Json, JsonObject } from '../json.js';
import { parseSchema } from './parse-schema.js';
import { validate } from './validate.js';

const SCHEMAS = 1_500;
const VALUES = 12;

const name = fc.constantFrom('a', 'b', 'ab');
const scalar = fc.constantFrom<Json>(
  ...['', 'a', 'b', 'ab', 'ba', '😀', 0, 1, 2, -1, 1.5, 3, true, false, null],
);
const small = fc.nat({ max: 3 });
const number = fc.constantFrom(-1, 0, 1, 1.5, 2);
const expression = fc.constantFrom('a', '^a', 'b$', '^.$');
const type = fc.constantFrom(
  ...['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'],
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { arbitrary: scalar, weight: 3 },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const names = fc.uniqueArray(name, { minLength: 1 });

const { schema } = fc.letrec<{ schema: Json; schemas: Json[]; members: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { arbitrary: fc.boolean(), weight: 1 },
    { arbitrary: fc.constant({ $ref: '#/definitions/shared' }), weight: 1 },
    { arbitrary: few(assertions()), weight: 5 },
    {
      weight: 6,
      arbitrary: few({
        items: fc.oneof(tie('schema'), tie('schemas')),
        additionalItems: tie('schema'),
        contains: tie('schema'),
        properties: tie('members'),
        patternProperties: fc.dictionary(expression, tie('schema'), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
        additionalProperties: tie('schema'),
        propertyNames: tie('schema'),
        dependencies: fc.dictionary(name, fc.oneof(names, tie('schema')), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
        if: tie('schema'),
        then: tie('schema'),
        else: tie('schema'),
        allOf: tie('schemas'),
        anyOf: tie('schemas'),
        oneOf: tie('schemas'),
        not: tie('schema'),
      }),
    },
  ),
  schemas: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
  members: fc.dictionary(name, tie('schema'), { maxKeys: 2, noNullPrototype: true }),
}));

function assertions(): Record<string, fc.Arbitrary<Json>> {
  return {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    const: value,
    enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
    multipleOf: fc.constantFrom(0.5, 1, 2),
    ...{ maximum: number, minimum: number },
    ...{ exclusiveMaximum: number, exclusiveMinimum: number },
    ...{ maxLength: small, minLength: small, pattern: expression },
    ...{ maxItems: small, minItems: small, uniqueItems: fc.boolean() },
    ...{ maxProperties: small, minProperties: small, required: names },
  };
}

/** One to three of the keywords. */
function few(keywords: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject> {
  return fc
    .subarray(Object.keys(keywords), { minLength: 1, maxLength: 3 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, keywords[key] ?? scalar]))),
    );
}

describe('schemas and a naive validator', () => {
  it('never disagree', () => {
    let valid = 0;
    fc.assert(
      fc.property(
        schema,
        fc.oneof(fc.boolean(), few(assertions())),
        fc.array(value, { minLength: VALUES, maxLength: VALUES }),
        (written, shared, values) => {
          const source = {
            properties: { v: written },
            definitions: { shared },
          };
          const parsed = parseSchema(source);
          for (const v of values) {
            const isValid = validate(parsed, { v }) === undefined;
            if (isValid) valid += 1;
            if (isValid !== naiveValid(source, { v })) return false;
          }
          return true;
        },
      ),
      { numRuns: SCHEMAS },
    );

    expect(valid).toBeGreaterThan((SCHEMAS * VALUES) / 4);
    expect(valid).toBeLessThan((SCHEMAS * VALUES * 3) / 4);
  }, 180_000);
});
