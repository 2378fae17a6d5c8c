import { readFileSync } from 'node:fs';
import { BadRequest } from '../../errors/fhir-error.js';
import {
  exactString,
  ID_PARAMETER,
  IDENTIFIER_PARAMETER,
  LAST_UPDATED_PARAMETER,
  referenceTo,
} from './parameters.js';
import { DEFAULT_COUNT, MAX_COUNT, parseSearch, type QueryParams } from './parse-search.js';
import { Bindings, type Condition } from './search-query.js';

interface RefusedSearch {
  readonly name: string;
  readonly query: QueryParams;
  readonly message: string;
  readonly code: string;
}

const file = new URL('../../../test/vectors/search/refused.json', import.meta.url);
const refused = JSON.parse(readFileSync(file, 'utf8')) as RefusedSearch[];

const KNOWN = new Map([
  ['_id', ID_PARAMETER],
  ['_lastUpdated', LAST_UPDATED_PARAMETER],
  ['identifier', IDENTIFIER_PARAMETER],
]);

function refusal(query: QueryParams): BadRequest | undefined {
  try {
    parseSearch(query, KNOWN);
  } catch (error) {
    if (error instanceof BadRequest) return error;
    throw error;
  }
  return undefined;
}

function render(conditions: readonly Condition[]) {
  const bindings = new Bindings();
  const sql = conditions.map((condition) => condition(bindings).replace(/\s+/g, ' '));
  return { sql, values: bindings.values };
}

describe('parseSearch', () => {
  it.each(refused)('refuses $name', ({ query, message, code }) => {
    const error = refusal(query);

    expect(error?.issues[0]?.code).toBe(code);
    expect(error?.message).toContain(message);
  });

  it('names what is supported when it refuses', () => {
    expect(refusal({ name: 'x' })?.message).toContain('_count, _format, _id, _lastUpdated, ident');
  });

  it('asks for everything, a page at a time, when nothing is given', () => {
    expect(parseSearch({}, KNOWN)).toEqual({
      conditions: [],
      count: DEFAULT_COUNT,
      after: undefined,
    });
  });

  it('leaves the rendering to others', () => {
    expect(parseSearch({ _format: 'json', _pretty: 'true' }, KNOWN).conditions).toEqual([]);
  });

  it('takes comma-separated values as alternatives, repeated parameters as demands', () => {
    const { conditions } = parseSearch({ _id: ['a,b', 'c'] }, KNOWN);

    expect(render(conditions)).toEqual({
      sql: ['id = ANY($1)', 'id = ANY($2)'],
      values: [['a', 'b'], ['c']],
    });
  });

  it('takes a hundred values', () => {
    expect(refusal({ _id: Array(100).fill('a').join(',') })).toBeUndefined();
  });

  it('reads count and cursor', () => {
    expect(parseSearch({ _count: '0' }, KNOWN).count).toBe(0);
    expect(parseSearch({ _count: '25', _after: 'p-1' }, KNOWN)).toMatchObject({
      count: 25,
      after: 'p-1',
    });
    expect(parseSearch({ _count: '999999999' }, KNOWN).count).toBe(MAX_COUNT);
  });
});

describe('the parameters', () => {
  it('bind instants, one condition for each span', () => {
    const { conditions } = parseSearch({ _lastUpdated: 'ne2024-05-01,ge2025' }, KNOWN);

    expect(render(conditions)).toEqual({
      sql: ['(last_updated < $1) OR (last_updated >= $2) OR (last_updated >= $3)'],
      values: ['2024-05-01', '2024-05-02', '2025-01-01'].map((day) => new Date(day)),
    });
  });

  it('look for an identifier in an array and alone', () => {
    const { conditions } = parseSearch({ identifier: 's|v' }, KNOWN);

    expect(render(conditions)).toEqual({
      sql: ["(resource -> 'identifier' @> $1::jsonb OR resource -> 'identifier' @> $2::jsonb)"],
      values: ['[{"system":"s","value":"v"}]', '{"system":"s","value":"v"}'],
    });
  });

  it('bind only what the token says', () => {
    const valuesOf = (identifier: string) =>
      render(parseSearch({ identifier }, KNOWN).conditions).values;

    expect(valuesOf('v')).toEqual(['[{"value":"v"}]', '{"value":"v"}']);
    expect(valuesOf('s|')).toEqual(['[{"system":"s"}]', '{"system":"s"}']);
  });

  it('ask for an identifier without system where the token says so', () => {
    const { sql, values } = render(parseSearch({ identifier: '|v' }, KNOWN).conditions);

    expect(sql[0]).toContain('AND EXISTS (');
    expect(sql[0]).toContain("WHERE i ->> 'value' = $3 AND NOT i ? 'system'");
    expect(values).toEqual(['[{"value":"v"}]', '{"value":"v"}', 'v']);
  });

  it('compare strings as they are written', () => {
    expect(render([exactString('name').condition(['a\\,b', 'c'])])).toEqual({
      sql: ['name = ANY($1)'],
      values: [['a,b', 'c']],
    });
  });

  it('take a reference with its type or without', () => {
    expect(render([referenceTo('User', 'user_id').condition(['User/a', 'b'])])).toEqual({
      sql: ['user_id = ANY($1)'],
      values: [['a', 'b']],
    });
  });

  it.each(['Client/a', 'http://example.org/User/a', 'User/', 'User/a/_history/1'])(
    'refuse %j as a reference to a User',
    (value) => {
      expect(() => referenceTo('User', 'user_id').condition([value])).toThrow(BadRequest);
    },
  );
});
