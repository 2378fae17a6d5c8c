import type { JsonObject } from './json.js';
import { lint } from './lint.js';
import { parsePolicy } from './parse-policy.js';

const iss = 'https://auth.example.com';
const matcho = (pattern: JsonObject): JsonObject => ({ engine: 'matcho', matcho: pattern });
const schema = (source: JsonObject): JsonObject => ({ engine: 'json-schema', schema: source });
const ofUser = { link: [{ reference: 'User/u1' }] };

const negated = matcho({ user: { id: { $not: 'u2' } }, uri: '/x' });
const upper = matcho({ 'request-method': { $enum: ['GET'] }, user: 'present?' });

describe('lint', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['a $not on user', matcho({ user: { $not: { id: 'x' } } }), ['not-admits-anonymous']],
    ['a $not on what identifies nobody', matcho({ uri: { $not: '/x' } }), ['not-admits-anonymous']],
    ['a $not beside a required client', matcho({ user: { $not: 'x' }, client: 'present?' }), []],
    ['a $not below a required user', negated, []],
    ['a $not on a link to a User', { ...matcho({ uri: { $not: '/x' } }), ...ofUser }, []],
    ['a $not with a role', { ...matcho({ uri: { $not: '/x' } }), roleName: 'nurse' }, []],
    ['a not in a schema', schema({ not: { required: ['user'] } }), ['not-admits-anonymous']],
    ['a not beside a required user', schema({ not: false, required: ['user'] }), []],
    ['allow on every request', { engine: 'allow' }, ['allows-every-request']],
    ['allow with a link', { engine: 'allow', ...ofUser }, []],
    ['allow with a role', { engine: 'allow', roleName: 'nurse' }, []],
    [
      'allow within or',
      { engine: 'complex', or: [{ engine: 'allow' }, upper] },
      ['allows-every-request', 'request-method-upper-case'],
    ],
    [
      'allow within and',
      { engine: 'complex', and: [{ engine: 'allow' }, matcho({ user: 'present?' })] },
      [],
    ],
    ['an issuer alone', matcho({ jwt: { iss } }), ['issuer-only']],
    ['an issuer and a user', matcho({ jwt: { iss }, user: 'present?' }), []],
    ['an issuer and a subject', matcho({ jwt: { iss, sub: 'x' } }), []],
    ['an issuer alone with a link', { ...matcho({ jwt: { iss } }), ...ofUser }, []],
    [
      'the schema of the tutorial',
      schema({
        required: ['jwt'],
        properties: { jwt: { required: ['iss'], properties: { iss: { constant: iss } } } },
      }),
      ['issuer-only', 'constant-keyword'],
    ],
    ['an active token alone', matcho({ token: { active: true } }), ['issuer-only']],
    ['an upper-case method', upper, ['request-method-upper-case']],
    ['a lower-case method', matcho({ 'request-method': 'get', user: 'present?' }), []],
    [
      'an upper-case method in a schema',
      schema({ required: ['user'], properties: { 'request-method': { const: 'GET' } } }),
      ['request-method-upper-case'],
    ],
  ])('says of %s what there is to say', (_name, policy, codes) => {
    expect(lint(parsePolicy(policy)).map(({ code }) => code)).toEqual(codes);
  });
});
