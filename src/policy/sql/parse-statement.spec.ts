import { readFileSync } from 'node:fs';
import { PostgresParser } from '../../resources/access-policy/sql/postgres-parser.js';
import { InvalidPolicy } from '../invalid-policy.js';
import type { Json } from '../json.js';
import { bindStatement, MAX_TEXT, MAX_VALUES, sampleText } from './bind-statement.js';
import { parseStatement } from './parse-statement.js';
import type { SqlDialect } from './sql-dialect.js';

interface Vectors {
  readonly accepted: readonly { name: string; query: string; text?: string }[];
  readonly refused: readonly { name: string; query: string; message: string }[];
}

const file = new URL('../../../test/vectors/sql-policies/statements.json', import.meta.url);
const { accepted, refused } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

const relations = new Set(['patient', 'observation', 'organization', 'user', 'group']);
const parser = await PostgresParser.load();
const dialect: SqlDialect = { relations, parse: (text) => parser.parse(text) };

const parse = (query: unknown) =>
  parseStatement({ query: query as string }, 'AccessPolicy.sql', dialect);

/** A column, as the parser has it. */
const CONSTANT = { ResTarget: { val: { A_Const: {} } } };

function issuesOf(source: Parameters<typeof parseStatement>[0]) {
  try {
    parseStatement(source, 'AccessPolicy.sql', dialect);
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues;
    throw error;
  }
  return [];
}

describe('parseStatement', () => {
  it.each(accepted)('takes $name', ({ query, text }) => {
    const statement = parse(query);

    if (text !== undefined) expect(bindStatement(statement, {}).text).toBe(text);
  });

  it.each(refused)('refuses $name', ({ query, message }) => {
    expect(issuesOf({ query })).toEqual([
      { path: 'AccessPolicy.sql.query', message: expect.stringContaining(message) as unknown },
    ]);
  });

  it.each([
    ['parentheses in parentheses', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, 0],
    ['negations of negations', `SELECT ${'NOT '.repeat(4_000)}true`, 1],
    ['as many negations as there may be', `SELECT ${'NOT '.repeat(148)}true`, 0],
    ['one negation more', `SELECT ${'NOT '.repeat(149)}true`, 1],
    ['queries in queries', `SELECT ${'(SELECT '.repeat(2_000)}1${')'.repeat(2_000)}`, 1],
    ['a long sum', `SELECT 1${'+1'.repeat(4_000)} > 0`, 1],
    ['arrays in arrays', `SELECT ${'ARRAY['.repeat(2_000)}1${']'.repeat(2_000)} IS NULL`, 1],
    ['unions of unions', `SELECT true${' UNION SELECT true'.repeat(1_000)}`, 1],
    ['a long text', `SELECT '${'x'.repeat(20_000)}' = ''`, 1],
    ['as long a text as there may be', `SELECT '${'x'.repeat(19_986)}' = ''`, 0],
    ['a text that is longer by one', `SELECT '${'x'.repeat(19_987)}' = ''`, 1],
    ['many placeholders', `SELECT ${'{{a}} || '.repeat(101)}'' = ''`, 1],
    ['as many as there may be', `SELECT ${'{{a}} || '.repeat(100)}'' = ''`, 0],
    ['a long placeholder', `SELECT {{${'a'.repeat(512)}}} IS NULL`, 0],
    ['one that is longer by one', `SELECT {{${'a'.repeat(513)}}} IS NULL`, 1],
  ])('survives %s', (_what, query, issues) => {
    expect(issuesOf({ query })).toHaveLength(issues);
    expect(issuesOf({ query: 'SELECT true' })).toEqual([]);
  });

  it('names unknown elements, and the query that is missing', () => {
    expect(issuesOf({ query: 'SELECT 1', role: 'postgres' })).toEqual([
      { path: 'AccessPolicy.sql.role', message: 'unknown element of sql' },
    ]);
    expect(issuesOf({}).map(({ path }) => path)).toEqual(['AccessPolicy.sql.query']);
    expect(issuesOf('SELECT 1').map(({ path }) => path)).toEqual(['AccessPolicy.sql.query']);
    expect(issuesOf({ query: 1 }).map(({ path }) => path)).toEqual(['AccessPolicy.sql.query']);
  });
});

describe('a statement that cannot be read', () => {
  it('is refused by its place as it was written, placeholders included', () => {
    const [issue] = issuesOf({ query: 'SELECT {{a}} IS NULL\n  FROM {{!b}}, pg_authid' });

    expect(issue?.message).toMatch(/^line 2, column 16: there is no relation pg_authid/);
  });

  it.each([
    ['of the second statement', 'SELECT 1; SELECT 2', 'line 1, column 11: one statement only'],
    [
      'behind placeholders',
      'SELECT {{a.b}} IS NULL FROM {{!c}}, pg_authid',
      'line 1, column 37: there is no relation pg_authid',
    ],
    [
      'of a column',
      'SELECT true, v.f FROM unnest(ARRAY[1]) AS v',
      'line 1, column 14: v.f is no column',
    ],
    [
      'right behind a placeholder',
      'SELECT {{a}}<->{{b}}',
      'line 1, column 13: operator <-> is not allowed in a policy',
    ],
    ['of a placeholder', 'SELECT 1 {{a}}', 'line 1, column 10: syntax error at or near "("'],
    [
      'around what has none',
      'SELECT true AND EXISTS (SELECT id INTO x FROM patient)',
      'line 1, column 17: SelectStmt.intoClause is not allowed in a policy',
    ],
    ['where there is none', 'DROP TABLE patient', 'must be a SELECT'],
  ])('is refused by the place %s', (_what, query, message) => {
    expect(issuesOf({ query })).toEqual([{ path: 'AccessPolicy.sql.query', message }]);
  });

  it('says no place where the parser knows none', () => {
    const failing: SqlDialect = {
      relations,
      parse: () => ({ kind: 'fault', message: 'too deep', position: undefined }),
    };

    expect(() => parseStatement({ query: 'SELECT 1' }, 'AccessPolicy.sql', failing)).toThrow(
      expect.objectContaining({
        issues: [{ path: 'AccessPolicy.sql.query', message: 'too deep' }],
      }),
    );
  });

  it('says why relations are missing, where that is known', () => {
    const restricted = { ...dialect, whyOthersAreMissing: 'the role may not read them' };

    expect(() => parseStatement({ query: 'SELECT 1 FROM x' }, 'p', restricted)).toThrow(
      expect.objectContaining({
        issues: [
          {
            path: 'p.query',
            message: 'line 1, column 15: there is no relation x: the role may not read them',
          },
        ],
      }),
    );
  });

  it('is quoted in part only where a placeholder is none', () => {
    const [issue] = issuesOf({ query: `SELECT {{${'a '.repeat(100)}}} IS NULL` });

    expect(issue?.message).toBe(`{{${'a '.repeat(40)}}} is no path such as {{params.resource/id}}`);
  });

  it.each<[string, Json]>([
    ['nothing', {}],
    [
      'a node that is none',
      { stmts: [{ stmt: { SelectStmt: { targetList: [{ ResTarget: 5 }] } } }] },
    ],
    [
      'an element that is none',
      { stmts: [{ stmt: { SelectStmt: { withClause: 5, targetList: [CONSTANT] } } }] },
    ],
    [
      'a relation without a name',
      {
        stmts: [
          { stmt: { SelectStmt: { targetList: [CONSTANT], fromClause: [{ RangeVar: {} }] } } },
        ],
      },
    ],
    ['something else', { stmts: [{ stmt: { DropStmt: {} } }] }],
  ])('is refused where the parser makes %s of it', (_what, tree) => {
    const strange: SqlDialect = { relations, parse: () => ({ kind: 'tree', tree }) };

    expect(() => parseStatement({ query: 'SELECT 1' }, 'AccessPolicy.sql', strange)).toThrow(
      InvalidPolicy,
    );
  });

  it('fails as what it is where the parser itself does', () => {
    const broken: SqlDialect = {
      relations,
      parse: () => {
        throw new TypeError('out of memory');
      },
    };

    expect(() => parseStatement({ query: 'SELECT 1' }, 'AccessPolicy.sql', broken)).toThrow(
      TypeError,
    );
  });
});

describe('sampleText', () => {
  it('is the statement with numbered values and some relation', () => {
    const statement = parse('SELECT {{a}} = {{b}} FROM {{!c}} WHERE id = {{a}}');

    expect(sampleText(statement)).toBe(
      'SELECT  ($1::text)  =  ($2::text)  FROM  "patient" WHERE id =  ($3::text) ',
    );
  });
});

describe('bindStatement', () => {
  it('binds values as text, whatever they are, and NULL where there is none', () => {
    const statement = parse(
      'SELECT {{a}} || {{b.c}} || {{d}} || {{e.0}} || {{f}} || {{a}} = {{g}}',
    );

    const { values, text } = bindStatement(statement, {
      a: "x'; DROP TABLE y; --",
      b: { c: 1.5 },
      d: { k: [true] },
      e: ['first'],
      g: false,
    });

    expect(values).toEqual([
      ...["x'; DROP TABLE y; --", '1.5', '{"k":[true]}', 'first', null],
      ...["x'; DROP TABLE y; --", 'false'],
    ]);
    expect(text).not.toContain('DROP');
    expect(text.match(/\$\d+/g)).toEqual(['$1', '$2', '$3', '$4', '$5', '$6', '$7']);
  });

  it('puts a listed relation into the text, in lower case and quotes', () => {
    const statement = parse('SELECT true FROM {{!params.resource/type}}');

    expect(bindStatement(statement, { params: { 'resource/type': 'Patient' } }).text).toBe(
      'SELECT true FROM  "patient"',
    );
  });

  it.each([
    'pg_authid',
    'clinical_resource',
    'patient" ; DROP TABLE x; --',
    'pat\u0131ent',
    'PATIENT ',
    '',
    '__proto__',
  ])('refuses the relation %j', (type) => {
    const statement = parse('SELECT true FROM {{!params.type}}');

    expect(() => bindStatement(statement, { params: { type } })).toThrow('names no relation');
  });

  it('refuses a relation that is no text, or missing', () => {
    const statement = parse('SELECT true FROM {{!params.type}}');

    expect(() => bindStatement(statement, { params: { type: ['patient'] } })).toThrow(
      '{{!params.type}} names no relation',
    );
    expect(() => bindStatement(statement, {})).toThrow('names no relation');
  });

  it.each(['a\0b', '\ud800'])('refuses a value that would change on its way: %j', (value) => {
    expect(() => bindStatement(parse('SELECT {{a}} IS NULL'), { a: value })).toThrow(
      'a value holds a character',
    );
  });

  it('refuses texts and values that are too long, and takes those that are just not', () => {
    const one = parse('SELECT {{a}} IS NULL');
    const two = parse('SELECT {{a}} = {{a}}');
    const list = (length: number) => ({ a: ['x'.repeat(length - 4)] });

    expect(bindStatement(one, { a: 'x'.repeat(MAX_TEXT) }).values[0]).toHaveLength(MAX_TEXT);
    expect(() => bindStatement(one, { a: 'x'.repeat(MAX_TEXT + 1) })).toThrow('a value has more');
    expect(bindStatement(one, list(MAX_VALUES)).values[0]).toHaveLength(MAX_VALUES);
    for (const length of [MAX_VALUES + 1, 2 * MAX_VALUES]) {
      expect(() => bindStatement(one, list(length))).toThrow('too long');
    }
    expect(bindStatement(two, list(MAX_VALUES / 2)).values).toHaveLength(2);
    expect(() => bindStatement(two, list(MAX_VALUES / 2 + 1))).toThrow('too long');
    const behindNull = parse('SELECT {{missing}} IS NULL AND {{a}} = {{a}}');
    expect(() => bindStatement(behindNull, list(MAX_VALUES / 2 + 1))).toThrow('too long');
  });

  it('reads own properties only', () => {
    const statement = parse('SELECT {{constructor}} IS NOT NULL OR {{user.toString}} IS NOT NULL');

    expect(bindStatement(statement, { user: { id: 'x' } }).values).toEqual([null, null]);
  });
});
