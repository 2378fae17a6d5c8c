import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';
import { testFailure } from './run-test.js';

const REQUEST = { uri: '/fhir/Patient', user: { id: 'u1' }, 'request-method': 'get' };

function failure(
  policy: JsonObject,
  expected: 'allow' | 'deny',
  isAdministration = false,
): string | undefined {
  const request = { request: REQUEST, isAdministration };
  return testFailure(parsePolicy(policy), request, expected)?.message;
}

const matcho = (pattern: JsonObject): JsonObject => ({ engine: 'matcho', matcho: pattern });

describe('testFailure', () => {
  it.each<[string, JsonObject]>([
    ['an active policy', matcho({ user: { id: 'u1' } })],
    ['a draft', { ...matcho({ user: { id: 'u1' } }), status: 'draft' }],
    ['a shadow', { ...matcho({ user: { id: 'u1' } }), status: 'shadow' }],
  ])('is about what the rule of %s says', (_what, policy) => {
    expect(failure(policy, 'allow')).toBeUndefined();
    expect(failure(policy, 'deny')).toBe('expected deny, but the policy allows the request');
  });

  it.each<[string, JsonObject, string]>([
    [
      'the place and both values',
      matcho({ user: { id: 'u2' } }),
      'at user.id it wants "u2" and gets "u1"',
    ],
    [
      'that nothing is there',
      matcho({ jwt: { iss: 'x' } }),
      'at jwt it wants {"iss":"x"} and gets nothing',
    ],
    [
      'what does not fit',
      { engine: 'allow', roleName: 'nurse' },
      'the policy does not apply: its roleName does not fit the request',
    ],
    [
      'what keeps it from being evaluated',
      { engine: 'json-schema', schema: { $ref: '#' } },
      'the policy cannot be evaluated: Maximum call stack size exceeded',
    ],
    [
      'a link to another',
      { engine: 'allow', link: [{ reference: 'User/u2' }] },
      'the policy does not apply: its link does not fit the request',
    ],
  ])('says %s', (_what, policy, words) => {
    expect(failure(policy, 'deny')).toBeUndefined();
    expect(failure(policy, 'allow')).toBe(`expected allow, but ${words}`);
  });

  it('holds the policy to the rule of administration', () => {
    const policy = matcho({ 'request-method': 'get' });

    expect(failure(policy, 'allow')).toBeUndefined();
    expect(failure(policy, 'allow', true)).toBe(
      'expected allow, but the request is administration, of which the policy does not speak',
    );
    expect(failure({ ...policy, link: [{ reference: 'User/u1' }] }, 'allow', true)).toBeUndefined();
  });

  it('has the whole difference beside the words, where a pattern fails', () => {
    const request = { request: REQUEST, isAdministration: false };
    const long = 'x'.repeat(4_000);

    expect(testFailure(parsePolicy(matcho({ uri: long })), request, 'allow')?.mismatch).toEqual({
      path: ['uri'],
      expected: long,
      but: '/fhir/Patient',
    });
    expect(
      testFailure(parsePolicy({ engine: 'allow', roleName: 'nurse' }), request, 'allow'),
    ).not.toHaveProperty('mismatch');
  });

  it('shows long values in part', () => {
    const words = failure(matcho({ user: { id: 'x'.repeat(4_000) } }), 'allow');

    expect(words?.length).toBeLessThan(300);
  });
});
