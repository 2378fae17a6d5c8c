import { InvalidPolicy, type PolicyIssue } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { parseSchema } from './parse-schema.js';

function issuesOf(schema: Json): readonly PolicyIssue[] {
  try {
    parseSchema(schema);
    return [];
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues;
    throw error;
  }
}

function members(count: number, member: (at: number) => Json): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, member(at)]));
}

describe('the size of a schema', () => {
  it('refuses a schema of more than 10,000 elements, once', () => {
    const values = (count: number) => ({ enum: Array.from({ length: count }, (_, at) => at) });

    expect(issuesOf(values(9_000))).toEqual([]);
    expect(issuesOf(values(10_100))).toEqual([
      { path: 'AccessPolicy.schema.enum[9998]', message: 'more than 10000 elements' },
    ]);
  });

  it.each<[string, (count: number) => JsonObject, string]>([
    ['schemas', (count) => ({ anyOf: Array.from({ length: count }, () => true) }), 'anyOf[1998]'],
    [
      'members',
      (count) => ({ properties: members(count, () => ({ type: 'string' })) }),
      'properties.m999',
    ],
    [
      'dependencies',
      (count) => ({ dependencies: members(count, () => ['a', 'b']) }),
      'dependencies.m1998',
    ],
  ])('refuses a schema of more than 2,000 %s and keywords, once', (_what, schema, place) => {
    expect(issuesOf(schema(900))).toEqual([]);
    expect(issuesOf(schema(3_000))).toEqual([
      { path: `AccessPolicy.schema.${place}`, message: 'more than 2000 schemas and keywords' },
    ]);
  });

  it('refuses references that lead to one schema after another in too many ways', () => {
    const next = (level: number) => ({ $ref: `#/definitions/d${level}` });
    const levels = (count: number, keyword: string) => ({
      definitions: Object.fromEntries(
        Array.from({ length: count }, (_, level) => [
          `d${level}`,
          level + 1 < count ? { [keyword]: [next(level + 1), next(level + 1)] } : { minItems: 1 },
        ]),
      ),
      properties: { body: next(0) },
    });

    expect(issuesOf(levels(8, 'allOf'))).toEqual([]);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      expect(issuesOf(levels(22, keyword)).map(({ path }) => path)).toEqual([
        `AccessPolicy.schema.definitions.d0.${keyword}[0].$ref`,
      ]);
    }
    // Members are other values, of which a request has only as many as it has.
    const below = JSON.stringify(levels(22, 'allOf')).replace(
      /"allOf":\[(.*?),(.*?)\]/g,
      '"properties":{"a":$1,"b":$2}',
    );
    expect(issuesOf(JSON.parse(below) as Json)).toEqual([]);
  });

  it('compiles when it is written what is not stored yet', () => {
    const properties = members(400, (at) => ({ $ref: `#/properties/m${(at + 1) % 400}` }));

    expect(issuesOf({ properties })).toEqual([
      { path: 'AccessPolicy.schema', message: 'too large, or its references too long a chain' },
    ]);
    expect(() => parseSchema({ properties }, 'x', { isStored: true })).not.toThrow();
  });

  it('compiles once what cannot be compiled', () => {
    const properties = members(400, (at) => ({ $ref: `#/properties/m${(at + 1) % 400}` }));
    const schema = parseSchema({ properties }, 'x', { isStored: true });
    const failureOf = (): unknown => {
      try {
        return schema.compile();
      } catch (error) {
        return error;
      }
    };

    expect(failureOf()).toBeInstanceOf(RangeError);
    expect(failureOf()).toBe(failureOf());
  });
});
