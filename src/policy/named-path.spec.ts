import { evaluationOf } from './decide.js';
import type { Json, JsonObject } from './json.js';
import { namedPath } from './named-path.js';
import { parsePolicy } from './parse-policy.js';

const placeOf = (rule: JsonObject, request: JsonObject): string => {
  const policy = parsePolicy({ id: 'a', ...rule });
  const evaluation = evaluationOf(policy, request, false);
  if (evaluation.outcome !== 'fails') throw new Error(evaluation.outcome);
  return namedPath(policy, evaluation.mismatch.path).join('.');
};

const ofBody = (body: Json) => ({ engine: 'json-schema', schema: { properties: { body } } });
const text = { type: 'string' };

describe('namedPath', () => {
  const secret = { body: { 'ssn-123': 1 } };

  it.each<[string, JsonObject, JsonObject, string]>([
    ['a further member', ofBody({ additionalProperties: text }), secret, 'body'],
    ['a member by pattern', ofBody({ patternProperties: { '^ssn': text } }), secret, 'body'],
    [
      'a member by number',
      ofBody({ additionalProperties: text }),
      { body: { 123456789: 1 } },
      'body',
    ],
    [
      'a member that is named',
      ofBody({ properties: { code: text } }),
      { body: { code: 1 } },
      'body.code',
    ],
    ['a member that is missing', ofBody({ required: ['code'] }), secret, 'body.code'],
    [
      'what is below a further member',
      ofBody({ additionalProperties: { required: ['code'] } }),
      { body: { 'ssn-123': { x: 1 } } },
      'body',
    ],
    ['a pattern', { engine: 'matcho', matcho: { body: { code: 'x' } } }, secret, 'body.code'],
    [
      'an item',
      { engine: 'matcho', matcho: { body: { $every: { code: 'x' } } } },
      { body: [{ code: 'x' }, { code: 'y' }] },
      'body.1.code',
    ],
    [
      'a rule',
      { engine: 'complex', and: [ofBody({ additionalProperties: text })] },
      secret,
      'body',
    ],
    ['a method', { engine: 'allow-rpc', rpc: { m: true } }, { uri: '/rpc' }, 'params._m'],
    [
      'a method',
      { engine: 'matcho-rpc', rpc: { m: { user: { id: 'x' } } } },
      { uri: '/rpc' },
      'params._m',
    ],
  ])('shows what the policy names of %s: %#', (_what, rule, request, place) => {
    expect(placeOf(rule, request)).toBe(place);
  });
});
