import { InvalidPolicy } from './invalid-policy.js';
import type { Json } from './json.js';
import { parseTests } from './parse-tests.js';

const TEST = { name: 'reads', request: { uri: '/fhir/Patient' }, expect: 'allow' };

function places(tests: Json): readonly string[] {
  try {
    parseTests({ tests });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return error.issues.map(({ path }) => path.replace('AccessPolicy.', ''));
  }
}

const named = (count: number): Json =>
  Array.from({ length: count }, (_, index) => ({ ...TEST, name: `t${index}` }));
const wide = (characters: number) => ({ ...TEST, request: { uri: 'x'.repeat(characters) } });

describe('parseTests', () => {
  it('reads what is written', () => {
    expect(parseTests({ tests: [TEST, { ...TEST, name: 'b', expect: 'deny' }] })).toEqual([
      TEST,
      { ...TEST, name: 'b', expect: 'deny' },
    ]);
    expect(parseTests({})).toEqual([]);
    expect(parseTests({ tests: [] })).toEqual([]);
  });

  it.each<[string, Json, readonly string[]]>([
    ['what is no list', { 0: TEST }, ['tests']],
    ['101 tests', named(101), ['tests']],
    ['100 tests', named(100), []],
    ['a test that is no object', ['x', TEST], ['tests[0]']],
    ['an unknown member', [{ ...TEST, expected: 'deny' }], ['tests[0].expected']],
    ['no name', [{ ...TEST, name: ' ' }], ['tests[0].name']],
    ['a long name', [{ ...TEST, name: 'x'.repeat(201) }], ['tests[0].name']],
    ['a name of 200 characters', [{ ...TEST, name: 'x'.repeat(200) }], []],
    ['a name twice', [TEST, TEST], ['tests[1].name']],
    ['no request', [{ name: 'x', expect: 'deny' }], ['tests[0].request']],
    ['a request that is a text', [{ ...TEST, request: 'x' }], ['tests[0].request']],
    ['another expectation', [{ ...TEST, expect: true }], ['tests[0].expect']],
    ['an expectation in capitals', [{ ...TEST, expect: 'Allow' }], ['tests[0].expect']],
    [
      'ids that would be looked up',
      [{ ...TEST, request: { 'user-id': 'u', 'client-id': 'c' } }],
      ['tests[0].request.user-id', 'tests[0].request.client-id'],
    ],
    [
      'several problems',
      [{}, 1],
      ['tests[0].name', 'tests[0].request', 'tests[0].expect', 'tests[1]'],
    ],
    [
      'requests that are large together',
      [wide(150_000), { ...wide(150_000), name: 'b' }],
      ['tests'],
    ],
    [
      'requests that are large enough',
      [wide(150_000), TEST].map((test, at) => ({ ...test, name: `t${at}` })),
      [],
    ],
  ])('judges %s', (_what, tests, expected) => {
    expect(places(tests)).toEqual(expected);
  });
});
