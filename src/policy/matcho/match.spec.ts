import { readdirSync, readFileSync } from 'node:fs';
import { InvalidPolicy, type PolicyIssue } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { explain } from './explain.js';
import { match } from './match.js';
import { parsePattern } from './parse-pattern.js';

interface Vector {
  readonly name: string;
  readonly pattern: Json;
  readonly request: JsonObject;
  readonly mismatchAt: string | null;
}

interface Refusal {
  readonly name: string;
  readonly pattern: Json;
  readonly path: string;
}

const FOLDER = 'test/vectors/matcho';

const refusals = JSON.parse(readFileSync(`${FOLDER}/refusals.json`, 'utf8')) as readonly Refusal[];
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'refusals.json')
  .flatMap((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as readonly Vector[]);

function issuesOf(pattern: Json): readonly PolicyIssue[] {
  try {
    parsePattern(pattern);
    return [];
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues;
    throw error;
  }
}

describe('match', () => {
  it.each(vectors)('$name', ({ pattern, request, mismatchAt }) => {
    const mismatch = match(parsePattern(pattern), request, request);

    expect(mismatch?.path.join('.') ?? null).toBe(mismatchAt);
  });

  it.each(vectors)('agrees with explain: $name', ({ pattern, request, mismatchAt }) => {
    const [first] = explain(parsePattern(pattern), request, request);

    expect(first?.path.join('.') ?? null).toBe(mismatchAt);
  });

  it('does not match when the comparison would take too long, under $not neither', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => `x${index}`);
    const request = { a: list, b: [...list].reverse(), c: ['absent'] };

    const searching = parsePattern({ a: { $not: { $every: { $enum: '.b' } } } });
    expect(match(searching, request, request)?.but).toBe(
      'the request is too large for this pattern',
    );
    expect(
      match(parsePattern({ a: { $not: { $every: { $enum: '.c' } } } }), request, request),
    ).toBe(undefined);
  });

  it('tells the first mismatch, however much the rest would take', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => `x${index}`);
    const request = { a: 'x', b: list, c: [...list].reverse() };
    const pattern = parsePattern({ a: 'y', b: { $every: { $enum: '.c' } } });

    expect(match(pattern, request, request)?.path).toEqual(['a']);
  });

  it('counts each pattern that a value is compared with', () => {
    const pattern = parsePattern({ a: { $every: { '$one-of': Array(200).fill(1).concat(0) } } });

    expect(match(pattern, { a: Array(2_000).fill(0) }, {})?.path).toEqual([]);
    expect(match(pattern, { a: Array(200).fill(0) }, {})).toBeUndefined();
  });

  it('counts each path that has to lead somewhere', () => {
    const pattern = parsePattern({
      a: { $every: { $not: { '$one-of': Array(1_000).fill('.b') } } },
    });
    const but = (n: number) => explain(pattern, { a: Array(n).fill('x') }, { b: 'x' })[0]?.but;

    expect(but(100)).toBe('x');
    expect(but(300)).toBe('the request is too large for this pattern');
  });

  it('does not match a text that is too long for a lookaround, under $not neither', () => {
    const request = { uri: `/${'a'.repeat(5_000)}` };

    expect(match(parsePattern({ uri: '#(?=b)b' }), request, request)).toBeDefined();
    expect(match(parsePattern({ uri: { $not: '#(?=b)b' } }), request, request)).toBeDefined();
    expect(match(parsePattern({ uri: { $not: '#b' } }), request, request)).toBeUndefined();
  });

  it('does not match values that are nested too deeply, under $not neither', () => {
    const nested = (): Json => JSON.parse('['.repeat(5_000) + '1' + ']'.repeat(5_000)) as Json;
    const request = { a: nested(), b: nested() };

    expect(match(parsePattern({ a: '.b' }), request, request)).toBeDefined();
    expect(match(parsePattern({ a: { $not: '.b' } }), request, request)).toBeDefined();
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('compares values of 256 levels and no more: %s 1 %s', (opening, closing) => {
    const but = (levels: number): Json | undefined => {
      const text = opening.repeat(levels) + '1' + closing.repeat(levels);
      const request = { a: JSON.parse(text) as Json, b: JSON.parse(text) as Json };
      return match(parsePattern({ a: '.b' }), request, request)?.but;
    };

    expect(but(256)).toBeUndefined();
    expect(but(257)).toBe('the request is too large for this pattern');
  });

  it.each<[Json, Json, boolean]>([
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['b', 'a'], false],
    [['a', 'b'], ['a', 'c'], false],
    [['a', 'b'], ['a', 'b', 'c'], false],
    [['a', 'b'], 'ab', false],
    [['a', 'b'], { 0: 'a', 1: 'b' }, false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ 0: 'a' }, 'a', false],
    [[], '', false],
    [{ a: 'x' }, 1, false],
    [{}, 1, false],
    [{}, [], false],
    [['x'], 1, false],
    [1, '1', false],
    [0, false, false],
  ])('tells whether %j and %j are equal, in either order', (one, other, areEqual) => {
    const equal = (a: Json, b: Json) =>
      match(parsePattern({ a: '.b' }), { a }, { b }) === undefined;

    expect([equal(one, other), equal(other, one)]).toEqual([areEqual, areEqual]);
  });

  it('reads own properties only, also of keys that objects treat specially', () => {
    const request = JSON.parse('{"a": {"__proto__": {"b": 1}}}') as JsonObject;

    expect(match(parsePattern({ a: { b: 1 } }), request, request)).toBeDefined();
    expect(
      match(parsePattern(JSON.parse('{"a": {"__proto__": {"b": 1}}}') as Json), request, request),
    ).toBe(undefined);
  });
});

describe('$reference', () => {
  const matches = (target: Json, subject: Json): boolean =>
    match(parsePattern({ body: { $reference: target } }), { body: subject }, {}) === undefined;

  it.each<[string, string]>([
    ['a resource', 'Patient/p1'],
    ['a resource by its URL elsewhere', 'https://example.org/fhir/Patient/p1'],
    ['a contained resource', '#p1'],
    ['what a URN names', 'urn:uuid:8c3f2a52-6e5b-4cf0-b0ec-0dca0a5a5b7e'],
  ])('shows the text of a reference to %s', (_what, reference) => {
    expect(matches({ $enum: ['x', 'Patient/p1'] }, { reference: 'Patient/p1' })).toBe(true);
    expect(matches(`#^${reference}$`, { reference })).toBe(true);
    expect(matches(`#^${reference}x$`, { reference })).toBe(false);
  });

  it('sees nothing in what is no reference', () => {
    expect(matches('present?', { reference: 'Patient/p1' })).toBe(true);
    expect(matches('present?', { display: 'p1' })).toBe(false);
    expect(matches('present?', 'x')).toBe(false);
  });
});

describe('explain', () => {
  it('answers every mismatch with what was expected and what was there', () => {
    const pattern = parsePattern({ a: 1, b: { c: 'x', d: [1, 2] }, e: { $enum: ['y'] } });

    expect(explain(pattern, { a: 2, b: { c: 'x', d: [1] } }, {})).toEqual([
      { path: ['a'], expected: 1, but: 2 },
      { path: ['b', 'd', 1], expected: 2, but: null },
      { path: ['e'], expected: { $enum: ['y'] }, but: null },
    ]);
  });

  it.each<Json>([
    { $not: 2 },
    { '$present-all': [1, 3] },
    { $contains: 3 },
    { '$one-of': [1, 3] },
    { $enum: [1, 3] },
    { $length: 3 },
    { $reference: { id: 'x' } },
    'nil?',
    '#^x',
    '.b',
  ])('shows %j as it was written', (pattern) => {
    const subject = typeof pattern === 'object' && '$not' in (pattern ?? {}) ? 2 : [1, 2];

    expect(explain(parsePattern({ a: pattern }), { a: subject }, { b: 1 })).toEqual([
      expect.objectContaining({ expected: pattern }),
    ]);
  });

  it('shows what every item was to be, by the item or where there is none', () => {
    const pattern = parsePattern({ a: { $every: 1 } });

    expect(explain(pattern, { a: [1, 2] }, {})).toEqual([{ path: ['a', 1], expected: 1, but: 2 }]);
    expect(explain(pattern, {}, {})).toEqual([{ path: ['a'], expected: { $every: 1 }, but: null }]);
  });

  it('answers a thousand mismatches, whichever list they are of', () => {
    const list = Array.from({ length: 600 }, () => 1);

    const mismatches = explain(parsePattern({ a: list, b: list }), { a: [], b: [] }, {});

    expect(mismatches).toHaveLength(1_000);
    expect(mismatches.at(-1)?.path).toEqual(['b', 399]);
  });

  it('looks up paths in the context, not in the subject', () => {
    const pattern = parsePattern({ a: '.b' });

    expect(explain(pattern, { a: 1, b: 2 }, { b: 1 })).toEqual([]);
    expect(explain(pattern, { a: 1, b: 1 }, { b: 2 })).toHaveLength(1);
  });
});

describe('parsePattern', () => {
  it.each(refusals)('refuses $name', ({ pattern, path }) => {
    expect(issuesOf(pattern).map((issue) => issue.path)).toEqual([path]);
  });

  it('reports all problems together', () => {
    const paths = issuesOf({ a: '#(', b: { $nor: 1 }, c: [] }).map((issue) => issue.path);

    expect(paths).toEqual([
      'AccessPolicy.matcho.a',
      'AccessPolicy.matcho.b.$nor',
      'AccessPolicy.matcho.c',
    ]);
  });

  it.each<[string, (pattern: Json) => Json]>([
    ['members', (pattern) => ({ a: pattern })],
    ['lists', (pattern) => [pattern]],
    ...['$not', '$contains', '$every', '$reference'].map(
      (key): [string, (pattern: Json) => Json] => [key, (pattern) => ({ [key]: pattern })],
    ),
    ['$one-of', (pattern) => ({ '$one-of': [pattern] })],
    ['$present-all', (pattern) => ({ '$present-all': [pattern] })],
  ])('takes 32 levels of %s and no more', (_what, within) => {
    let pattern: Json = 'x';
    for (let depth = 0; depth < 32; depth += 1) pattern = within(pattern);

    expect(issuesOf(pattern)).toHaveLength(0);
    expect(issuesOf(within(pattern))).toHaveLength(1);
  });

  it.each<[string, (text: string) => Json]>([
    ['texts', (text) => text],
    ['paths', (text) => `.${text.slice(1)}`],
    ['paths to lists', (text) => ({ $enum: `.${text.slice(1)}` })],
  ])('takes %s of 4,096 characters and no more', (_what, written) => {
    expect(issuesOf(written('x'.repeat(4_096)))).toHaveLength(0);
    expect(issuesOf(written('x'.repeat(4_097)))).toHaveLength(1);
  });

  it('takes 5,000 elements, all of which count, and no more', () => {
    const list = (length: number): Json => Array.from({ length }, (_, index) => index + 1);

    expect(issuesOf(list(5_000))).toHaveLength(1);
    expect(issuesOf(list(50_000))).toHaveLength(1);
    const longest = parsePattern(list(4_999));
    const differences = (subject: Json) => explain(longest, subject, {}).map(({ path }) => path);
    expect(differences(list(4_999))).toEqual([]);
    expect(differences(list(4_998))).toEqual([[4_998]]);
  });

  it.each<[Json, string]>([
    [
      { $nor: 1 },
      'unknown operator; known: $enum $one-of $contains $every $not $present-all $length $reference',
    ],
    [{ $enum: 'x' }, 'a list with at least one entry, or a .path to an array'],
    [{ $enum: '.' }, 'a path is written ".user.id", without empty segments'],
  ])('says how to write %j', (pattern, message) => {
    expect(issuesOf({ a: pattern }).map((issue) => issue.message)).toEqual([message]);
  });

  it('refuses a pattern with too many elements', () => {
    const values = Array.from({ length: 6_000 }, (_, index) => index);

    expect(issuesOf({ a: values })).toHaveLength(1);
    expect(issuesOf({ a: { $enum: values } })).toHaveLength(1);
    expect(issuesOf({ a: { $enum: values.slice(0, 4_000) } })).toHaveLength(0);
  });
});
