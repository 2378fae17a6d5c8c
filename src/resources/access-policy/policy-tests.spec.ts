import { InvalidResource } from '../../errors/fhir-error.js';
import type { PolicyTest } from '../../policy/parse-tests.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type { KnownRequests } from './known-requests.js';
import { issuesOf, runTests } from './policy-tests.js';

const POLICY = parsePolicy({ engine: 'matcho', matcho: { uri: '/a' } });
const AS_WRITTEN: KnownRequests = {
  operations: () => new Set(),
  complete: (request) => {
    if (request['uri'] !== 1) return { request, isAdministration: false };
    throw new InvalidResource([
      { code: 'value', diagnostics: 'must be a string', expression: 'request.uri' },
    ]);
  },
};
const test = (name: string, uri: string | number, expect: 'allow' | 'deny'): PolicyTest => ({
  name,
  request: { uri },
  expect,
});

describe('runTests', () => {
  it('names each test that fails, where it stands', () => {
    const tests = [
      test('a', '/a', 'allow'),
      test('b', '/b', 'allow'),
      test('c', '/b', 'deny'),
      test('d', '/a', 'deny'),
    ];

    expect(issuesOf(runTests(POLICY, tests, AS_WRITTEN))).toEqual([
      {
        code: 'value',
        diagnostics: 'test "b": expected allow, but at uri it wants "/a" and gets "/b"',
        expression: 'AccessPolicy.tests[1]',
      },
      {
        code: 'value',
        diagnostics: 'test "d": expected deny, but the policy allows the request',
        expression: 'AccessPolicy.tests[3]',
      },
    ]);
  });

  it('keeps where the rule failed beside each test', () => {
    const tests = [test('a', '/a', 'allow'), test('b', '/b', 'allow'), test('c', '/a', 'deny')];

    expect(runTests(POLICY, tests, AS_WRITTEN).results.map(({ mismatch }) => mismatch)).toEqual([
      undefined,
      { path: ['uri'], expected: '/a', but: '/b' },
      undefined,
    ]);
  });

  it('names the place of a request that cannot be', () => {
    expect(issuesOf(runTests(POLICY, [test('a', 1, 'deny')], AS_WRITTEN))).toEqual([
      {
        code: 'value',
        diagnostics: 'test "a": must be a string',
        expression: 'AccessPolicy.tests[0].request.uri',
      },
    ]);
  });

  it('gives up when the tests take too long', () => {
    let time = 0;
    const slow = {
      operations: AS_WRITTEN.operations.bind(AS_WRITTEN),
      complete: (request: PolicyTest['request']) => {
        time += 600;
        return AS_WRITTEN.complete(request);
      },
    };
    const tests = ['a', 'b', 'c'].map((name) => test(name, '/a', 'allow'));

    expect(issuesOf(runTests(POLICY, tests.slice(0, 2), slow, () => time))).toEqual([]);
    const run = runTests(POLICY, tests, slow, () => time);

    expect(run.results).toEqual([{ issues: [] }, { issues: [] }]);
    expect(issuesOf(run)).toEqual([expect.objectContaining({ expression: 'AccessPolicy.tests' })]);
  });
});
