import { readFileSync } from 'node:fs';
import { InvalidPolicy, type PolicyIssue } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { parseSchema } from './parse-schema.js';
import { validate } from './validate.js';

interface RequestVector {
  readonly name: string;
  readonly schema: Json;
  readonly request: JsonObject;
  readonly valid: boolean;
}

interface RefusalVector {
  readonly name: string;
  readonly schema: Json;
  readonly path: string;
}

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(`test/vectors/json-schema/${file}`, 'utf8'));
}

const requests = vectors('requests.json') as readonly RequestVector[];
const refusals = vectors('refusals.json') as readonly RefusalVector[];

function issuesOf(schema: Json): readonly PolicyIssue[] {
  try {
    parseSchema(schema);
    return [];
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues;
    throw error;
  }
}

describe('validate', () => {
  it.each(requests)('$name', ({ schema, request, valid }) => {
    expect(validate(parseSchema(schema), request) === undefined).toBe(valid);
  });

  it('names the place, what was expected and what was there', () => {
    const schema = parseSchema({ properties: { jwt: { properties: { iss: { const: 'a' } } } } });

    expect(validate(schema, { jwt: { iss: 'b' } })).toEqual({
      path: ['jwt', 'iss'],
      expected: { const: 'a' },
      but: 'b',
    });
  });

  it('throws on a text that is too long for a lookaround, rather than deciding', () => {
    const schema = parseSchema({ not: { properties: { uri: { pattern: '(?!a)b' } } } });

    expect(() => validate(schema, { uri: 'b'.repeat(5_000) })).toThrow('too large');
  });

  it('throws on a text that is too long for a format, rather than deciding', () => {
    const schema = parseSchema({ not: { properties: { uri: { format: 'uri' } } } });

    expect(() => validate(schema, { uri: 'b'.repeat(5_000) })).toThrow('too large');
  });
});

describe('parseSchema', () => {
  it.each(refusals)('refuses $name', ({ schema, path }) => {
    expect(issuesOf(schema).map((issue) => issue.path)).toContain(path);
  });

  it('refuses a property named __proto__, which the validator would skip', () => {
    const schema = JSON.parse('{"properties": {"__proto__": {"type": "number"}}}') as Json;

    expect(issuesOf(schema)).toHaveLength(1);
  });

  it('finds a repeated item in an array of any length', () => {
    const schema = parseSchema({ properties: { body: { uniqueItems: true } } });
    const body = Array.from({ length: 50_000 }, (_, value) => ({ value, unit: 'mg' }));

    expect(validate(schema, { body })).toBeUndefined();
    expect(validate(schema, { body: [...body, { unit: 'mg', value: 0 }] })).toBeDefined();
  });

  it('finds each item of an array among the items of any other', () => {
    const schema = parseSchema({
      properties: { body: { items: { enum: { $data: '#/params/allowed' } } } },
    });
    const allowed = Array.from({ length: 50_000 }, (_, value) => ({ value, unit: 'mg' }));
    const body = allowed.map(({ value }) => ({ unit: 'mg', value })).reverse();

    expect(validate(schema, { body, params: { allowed } })).toBeUndefined();
    expect(validate(schema, { body: [...body, 'mg'], params: { allowed } })).toEqual({
      path: ['body', '50000'],
      expected: { enum: { $data: '/params/allowed' } },
      but: 'mg',
    });
  });

  it.each<[Json, boolean]>([
    [1, true],
    ['1', false],
    [[1, { a: null }], true],
    [{ b: 2, a: [1] }, true],
    [{ a: [1] }, false],
    [false, false],
  ])('tells whether %j is one of the values by value and type', (value, isOne) => {
    const schema = parseSchema({
      properties: { body: { enum: [1, [1, { a: null }], { a: [1], b: 2 }] } },
    });

    expect(validate(schema, { body: value }) === undefined).toBe(isOne);
  });

  it('reports all problems together', () => {
    expect(issuesOf({ constnat: 1, properties: { a: { pattern: '(?>a)' } } })).toHaveLength(2);
  });

  it('refuses a schema that is nested too deeply', () => {
    let schema: Json = true;
    for (let depth = 0; depth < 70; depth += 1) schema = { not: schema };

    expect(issuesOf(schema)).not.toHaveLength(0);
  });
});
