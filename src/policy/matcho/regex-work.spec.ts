import { jest } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { evaluationOf } from '../decide.js';
import { InvalidPolicy } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { checkRegex, compileRegex } from './regex.js';
import { UnsupportedRegex } from './regex-syntax.js';

const characters = (count: number): string =>
  Array.from({ length: count }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
const list = (length: number, item: Json): Json[] => Array.from({ length }, () => item);

const isAccepted = (take: (source: string) => unknown, source: string): boolean => {
  try {
    take(source);
    return true;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return false;
    throw error;
  }
};

function issuesOf(policy: JsonObject): InvalidPolicy['issues'] {
  try {
    parsePolicy({ id: 'a', ...policy });
    return [];
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues;
    throw error;
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('an expression with lookarounds', () => {
  it('compiles a class once, however many copies are made of it', () => {
    const compile = jest.spyOn(RE2JS, 'compile');

    compileRegex('(?=\\p{L}{240})N|\\p{L}');

    expect(compile).toHaveBeenCalledTimes(1);
  });

  it('asks once about each of many different characters', () => {
    const regex = compileRegex('(?=[^a]{240})y');
    const subject = characters(4_000);
    const test = jest.spyOn(RE2JS.prototype, 'test');

    expect(regex.test(subject)).toBe(false);
    expect(regex.test(`${subject.slice(0, 3_000)}y`)).toBe(false);
    expect(regex.test(`y${subject.slice(0, 3_000)}`)).toBe(true);

    expect(test.mock.calls.length).toBeLessThanOrEqual(10_002);
  });

  it('counts each question that it asks', () => {
    const classes = Array.from(characters(200), (character) => `[^${character}]`);
    const regex = compileRegex(`(?=[^a]{2})(?:${classes.join('|')})b`);
    const subject = characters(2_000).split('').reverse().join('');
    const test = jest.spyOn(RE2JS.prototype, 'test');

    regex.test(subject);

    expect(test.mock.calls.length).toBeGreaterThan(200_000);
    expect(regex.workOn(subject)).toBeGreaterThan(test.mock.calls.length);
  });

  it('remembers what it has asked about ASCII', () => {
    const regex = compileRegex('^(?!admin)[\\w-]{1,20}$');
    regex.test('some-name');
    const test = jest.spyOn(RE2JS.prototype, 'test');

    expect(regex.test('name-some')).toBe(true);
    expect(test).not.toHaveBeenCalled();
    expect(regex.workOn('some-name')).toBeLessThan(50);
  });
});

describe('the expressions of one policy', () => {
  const LARGE = '(?=\\p{L}{240})N';

  it.each<[string, JsonObject, string]>([
    [
      'of one pattern',
      { engine: 'matcho', matcho: { uri: { '$one-of': list(600, `#${LARGE}`) } } },
      'AccessPolicy.matcho.uri.$one-of[599]',
    ],
    [
      'of several rules',
      {
        engine: 'complex',
        or: list(100, { or: list(6, { engine: 'matcho', matcho: { uri: `#${LARGE}` } }) }),
      },
      'AccessPolicy.or[99].or[5].matcho.uri',
    ],
    [
      'of several methods',
      {
        engine: 'matcho-rpc',
        rpc: Object.fromEntries(list(600, 0).map((_, at) => [`m${at}`, { a: `#${LARGE}` }])),
      },
      'AccessPolicy.rpc.m599.a',
    ],
    [
      'of a schema',
      {
        engine: 'json-schema',
        schema: { anyOf: list(600, { type: 'string', pattern: LARGE }) },
      },
      'AccessPolicy.schema.anyOf[599].pattern',
    ],
  ])('are refused where they are too large together: %s', (_what, policy, path) => {
    const issue = issuesOf(policy).at(-1);

    expect(issue?.path).toBe(path);
    expect(issue?.message).toContain('too large together');
  });

  it('are counted for the characters of which a class takes any case', () => {
    const classes = list(100, 0).map((_, at) => `[a-\\x{${(0x1e000 + at).toString(16)}}]`);
    const any = { '$one-of': list(3, `#(?i)${classes.join('')}`) };
    const exact = { '$one-of': list(3, `#${classes.join('')}`) };

    expect(issuesOf({ engine: 'matcho', matcho: { uri: any } })).toHaveLength(3);
    expect(issuesOf({ engine: 'matcho', matcho: { uri: exact } })).toEqual([]);
  });

  it('may be many where they are small', () => {
    const sources = list(2_000, 0).map((_, at) => `#^/fhir/(Patient|Group)/[^/]+/x${at}$`);

    expect(issuesOf({ engine: 'matcho', matcho: { uri: { '$one-of': sources } } })).toEqual([]);
  });
});

describe('checking an expression', () => {
  const SPECIAL = [
    '',
    '[z-a]',
    '\\p{Nothing}',
    '\\x{ffffff}',
    '\\x{d800}',
    '(?=[z-a])',
    '(?i)\\p{L}',
  ];

  it.each([...SPECIAL, 'a{1000}{2}', '(?:a{100}){100}', '(?=a{600})', 'a|(?<=\\p{Lu})b', '(a'])(
    'answers as compiling it does: %s',
    (source) => {
      expect(isAccepted(checkRegex, source)).toBe(isAccepted(compileRegex, source));
    },
  );

  it('answers as compiling does, whatever it is', () => {
    const part = fc.constantFrom(
      ...'ab[]^-\\p{L}dsW.|()?*+,:=!<{}21x'.split(''),
      ...SPECIAL,
      '{1,3}',
    );

    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const source = parts.join('');
        expect(isAccepted(checkRegex, source)).toBe(isAccepted(compileRegex, source));
      }),
      { numRuns: 500 },
    );
  });

  it('is counted for each text of a request, and writes out no repetitions', () => {
    const schema = { required: ['body'], properties: { body: { items: { format: 'regex' } } } };
    const policy = parsePolicy({ id: 'a', engine: 'json-schema', schema });
    const outcomeOf = (body: Json): string => evaluationOf(policy, { body }, false).outcome;
    const compile = jest.spyOn(RE2JS, 'compile');

    expect(outcomeOf(list(50, '(?=\\p{L}{240})N'))).toBe('holds');
    expect(compile.mock.calls.map(([source]) => source)).toEqual(list(50, '\\A(?:\\p{L})\\z'));
    expect(outcomeOf(list(1_000, '(?=\\p{L}{240})N'))).toBe('error');
    expect(compile.mock.calls.length).toBeLessThan(1_000);
  });
});
