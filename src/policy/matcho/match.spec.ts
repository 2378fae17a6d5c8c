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

  it('reads own properties only, also of keys that objects treat specially', () => {
    const request = JSON.parse('{"a": {"__proto__": {"b": 1}}}') as JsonObject;

    expect(match(parsePattern({ a: { b: 1 } }), request, request)).toBeDefined();
    expect(
      match(parsePattern(JSON.parse('{"a": {"__proto__": {"b": 1}}}') as Json), request, request),
    ).toBe(undefined);
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

  it('refuses a pattern that is nested too deeply', () => {
    let pattern: Json = 'x';
    for (let depth = 0; depth < 40; depth += 1) pattern = { $not: pattern };

    expect(issuesOf(pattern)).toHaveLength(1);
  });

  it('refuses a pattern with too many elements', () => {
    const values = Array.from({ length: 6_000 }, (_, index) => index);

    expect(issuesOf({ a: values })).toHaveLength(1);
    expect(issuesOf({ a: { $enum: values } })).toHaveLength(1);
    expect(issuesOf({ a: { $enum: values.slice(0, 4_000) } })).toHaveLength(0);
  });
});
