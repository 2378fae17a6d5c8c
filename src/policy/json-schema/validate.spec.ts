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

  it('names the member that is missing', () => {
    const schema = parseSchema({ properties: { jwt: { required: ['iss'] } } });

    expect(validate(schema, { jwt: { sub: 's' } })).toEqual({
      path: ['jwt', 'iss'],
      expected: { required: ['iss'] },
      but: null,
    });
  });

  it('names a value of the wrong kind by its place', () => {
    const schema = parseSchema({ properties: { jwt: { minProperties: 2 } } });

    expect(validate(schema, { jwt: { 'a/b~': 1 } })).toMatchObject({
      path: ['jwt'],
      but: { 'a/b~': 1 },
    });
    const nested = parseSchema({ properties: { jwt: { additionalProperties: false } } });
    const deep = parseSchema({ properties: { 'a/b~': { type: 'string' } } });

    expect(validate(nested, { jwt: { x: 1 } })).toMatchObject({ path: ['jwt'] });
    expect(validate(deep, { 'a/b~': 1 })).toMatchObject({ path: ['a/b~'], but: 1 });
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['a count', { maxLength: { $data: '#/params/x' } }, { x: 2 }, true],
    ['a count that is less', { maxLength: { $data: '#/params/x' } }, { x: 1 }, false],
    ['a count that is missing', { maxLength: { $data: '#/params/x' } }, { y: 2 }, false],
    ['a count that is no number', { maxLength: { $data: '#/params/x' } }, { x: '2' }, false],
    ['a count that is not whole', { maxLength: { $data: '#/params/x' } }, { x: 2.5 }, false],
    ['a count below zero', { minLength: { $data: '#/params/x' } }, { x: -1 }, false],
    ['a count of zero', { minLength: { $data: '#/params/x' } }, { x: 0 }, true],
    ['a value by position', { const: { $data: '#/params/x/1' } }, { x: ['no', 'ab'] }, true],
    ['a value by a name of none', { const: { $data: '#/params/x/y' } }, { x: ['', 'ab'] }, false],
    ['a value by -1', { const: { $data: '#/params/x/-1' } }, { x: ['ab'] }, false],
    ['a value by a padded index', { const: { $data: '#/params/x/00' } }, { x: ['ab'] }, false],
    ['a list', { enum: { $data: '#/params/x' } }, { x: ['ab'] }, true],
    ['a list that is none', { enum: { $data: '#/params/x' } }, { x: 'ab' }, false],
  ])('takes %s from the request: %#', (_what, uri, params, valid) => {
    const schema = parseSchema({ properties: { uri } });

    expect(validate(schema, { uri: 'ab', params }) === undefined).toBe(valid);
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['zero', { multipleOf: { $data: '#/params/x' } }, { x: 0 }, false],
    ['a divisor', { multipleOf: { $data: '#/params/x' } }, { x: 2 }, true],
    ['a maximum', { maximum: { $data: '#/params/x' } }, { x: 4 }, true],
    ['a maximum of text', { maximum: { $data: '#/params/x' } }, { x: '4' }, false],
  ])('takes %s for a number from the request or says no: %#', (_what, body, params, valid) => {
    const schema = parseSchema({ properties: { body } });

    expect(validate(schema, { body: 4, params }) === undefined).toBe(valid);
  });

  it('asks for different items of arrays only', () => {
    const schema = parseSchema({ properties: { body: { uniqueItems: true } } });
    const loose = parseSchema({ properties: { body: { uniqueItems: false } } });

    expect(validate(schema, { body: 'aa' })).toBeUndefined();
    expect(validate(schema, { body: ['a', 'a'] })).toBeDefined();
    expect(validate(loose, { body: ['a', 'a'] })).toBeUndefined();
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

  it.each(['properties', 'dependencies', 'definitions'])(
    'refuses __proto__ in %s, which the validator would skip',
    (keyword) => {
      const schema = JSON.parse(`{"${keyword}": {"__proto__": {"type": "number"}}}`) as Json;

      expect(issuesOf(schema)).toEqual([
        { path: `AccessPolicy.schema.${keyword}`, message: '"__proto__" cannot be described' },
      ]);
    },
  );

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

  it.each([
    ['64 levels', 64, 0],
    ['more', 70, 1],
  ])('takes a schema of %s: %#', (_what, levels, issues) => {
    let schema: Json = true;
    for (let depth = 0; depth < levels; depth += 1) schema = { not: schema };

    expect(issuesOf(schema)).toHaveLength(issues);
  });

  it.each<[string, JsonObject]>([
    ['in a dependency', { dependencies: { a: { constnat: 1 } } }],
    ['in a definition', { definitions: { a: { constnat: 1 } } }],
    ['in an item', { items: [{ constnat: 1 }] }],
    ['in a member by pattern', { patternProperties: { '^a': { constnat: 1 } } }],
    ['in a name', { propertyNames: { constnat: 1 } }],
    ['in an alternative', { if: true, then: { constnat: 1 } }],
  ])('refuses an unknown keyword %s', (_where, schema) => {
    expect(issuesOf(schema).map(({ path }) => path.endsWith('constnat'))).toEqual([true]);
    const fixed = JSON.parse(JSON.stringify(schema).replace('constnat', 'const')) as Json;
    expect(issuesOf(fixed)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['two schemas of one name', { definitions: { a: { $id: '#x' }, b: { $id: '#x' } } }, ''],
    ['a name that is no URI', { definitions: { a: { $id: 'http://[' } } }, '.definitions.a.$id'],
    ['nothing for a boolean', { uniqueItems: null }, '.uniqueItems'],
    ['$data within a list', { const: [{ $data: '#/uri' }] }, '.const[0]'],
    ['$data within a member', { const: { a: { $data: '#/uri' } } }, '.const.a'],
    ['$data beside something else', { const: { $data: '#/uri', a: 1 } }, '.const'],
    ['$data that is no text in UTF-8', { const: { $data: '#/%ff' } }, '.const'],
    ['a reference that is no URI', { $ref: 'http://[' }, '.$ref'],
    ['$data that is no pointer', { const: { $data: 'uri' } }, '.const'],
  ])('refuses %s', (_what, schema, place) => {
    const places = new Set(issuesOf(schema).map(({ path }) => path));

    expect([...places]).toEqual([`AccessPolicy.schema${place}`]);
  });

  it('takes the empty pattern, which every text fits', () => {
    const schema = parseSchema({ properties: { uri: { pattern: '' } } });

    expect(validate(schema, { uri: '/x' })).toBeUndefined();
  });

  it('knows whether a negation or the older "constant" was written', () => {
    const { usesNot, usesConstant } = parseSchema({ properties: { a: { const: 1 } } });
    expect({ usesNot, usesConstant }).toEqual({ usesNot: false, usesConstant: false });

    expect(parseSchema({ properties: { a: { not: true } } }).usesNot).toBe(true);
    expect(parseSchema({ items: { constant: 1 } }).usesConstant).toBe(true);
  });
});
