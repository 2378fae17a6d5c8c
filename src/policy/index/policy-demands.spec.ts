import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { demandsOfPolicy } from './policy-demands.js';

/** Each demand as its alternatives, written `path=value`. */
function demandsOf(policy: JsonObject): string[] | undefined {
  return demandsOfPolicy(parsePolicy({ id: 'p', ...policy }))?.map((demand) =>
    demand.map(({ feature, value }) => `${feature.key}=${JSON.stringify(value)}`).join(' | '),
  );
}

const ISSUER = '["jwt","iss"]="a"';

describe('demandsOfPolicy', () => {
  it.each<[string, JsonObject, string[]]>([
    ['allow', { engine: 'allow' }, []],
    [
      'links, of which any suffices',
      { engine: 'allow', link: [{ reference: 'User/u' }, { reference: 'Operation/o' }] },
      ['["user","id"]="u" | ["operation","id"]="o"'],
    ],
    ['a roleName', { engine: 'allow', roleName: 'nurse' }, ['names of ["role"]="nurse"']],
    ['the type rpc', { engine: 'allow', type: 'rpc' }, ['["uri"]="/rpc"']],
    [
      'rpc methods',
      { engine: 'allow-rpc', rpc: { a: true, b: true } },
      ['["uri"]="/rpc"', '["params","_m"]="a" | ["params","_m"]="b"'],
    ],
    [
      'a complex policy whose every rule must hold',
      {
        engine: 'complex',
        and: [
          { engine: 'matcho', matcho: { jwt: { iss: 'a' } } },
          { engine: 'matcho', matcho: { uri: '/x' } },
        ],
      },
      [ISSUER, '["uri"]="/x"'],
    ],
    [
      'a complex policy of which one rule suffices',
      {
        engine: 'complex',
        or: [
          { engine: 'matcho', matcho: { jwt: { iss: 'a' } } },
          { engine: 'matcho', matcho: { uri: '/x' } },
        ],
      },
      [`${ISSUER} | ["uri"]="/x"`],
    ],
    [
      'a complex policy by what has the fewest alternatives in each rule that suffices',
      {
        engine: 'complex',
        or: [
          { engine: 'matcho', matcho: { jwt: { iss: 'a' }, uri: { $enum: ['/x', '/y'] } } },
          { engine: 'matcho', matcho: { uri: '/z' } },
        ],
      },
      [`${ISSUER} | ["uri"]="/z"`],
    ],
    [
      'nothing of Roles but their names',
      {
        engine: 'matcho',
        matcho: { role: { $contains: { level: 1, name: { $not: 'x' } }, $every: 'present?' } },
      },
      [],
    ],
    [
      'nothing where one of the rules that suffice demands nothing',
      {
        engine: 'complex',
        or: [{ engine: 'matcho', matcho: { jwt: { iss: 'a' } } }, { engine: 'allow' }],
      },
      [],
    ],
  ])('finds the demands of %s', (_what, policy, demands) => {
    expect(demandsOf(policy)).toEqual(demands);
  });

  it.each<[string, JsonObject, string[]]>([
    ['equality, typed', { jwt: { level: 1 } }, ['["jwt","level"]=1']],
    ['a list', { jwt: { iss: { $enum: ['a', 'b'] } } }, [`${ISSUER} | ["jwt","iss"]="b"`]],
    [
      'alternatives',
      { jwt: { iss: { '$one-of': ['a', 'b'] } } },
      [`${ISSUER} | ["jwt","iss"]="b"`],
    ],
    [
      'an alternative that a missing value meets',
      { jwt: { '$one-of': [{ iss: 'a' }, 'nil?'] } },
      [],
    ],
    ['a negation', { jwt: { iss: { $not: 'a' } } }, []],
    ['a role in the list', { role: { $contains: { name: 'n' } } }, ['names of ["role"]="n"']],
    ['a role at a position', { role: [{ name: 'n' }] }, []],
    ['another list', { body: { $contains: { name: 'n' } } }, []],
    ['a path', { params: { patient: '.user.id' } }, []],
    ['a reference', { user: { $reference: { id: 'p' } } }, []],
    ['an expression', { uri: '#^/fhir' }, []],
  ])('finds in a pattern %s', (_what, matcho, demands) => {
    expect(demandsOf({ engine: 'matcho', matcho })).toEqual(demands);
  });

  const iss = { required: ['iss'], properties: { iss: { const: 'a' } } };
  const jwt = { type: 'object', ...iss };
  it.each<[string, JsonObject, string[]]>([
    ['a required constant', { required: ['jwt'], properties: { jwt } }, [ISSUER]],
    [
      'a required list',
      { required: ['uri'], properties: { uri: { enum: ['/x', '/y'] } } },
      ['["uri"]="/x" | ["uri"]="/y"'],
    ],
    ['all of several', { allOf: [{ required: ['jwt'], properties: { jwt } }] }, [ISSUER]],
    ['what may be missing', { properties: { jwt } }, []],
    ['what may be no object', { required: ['jwt'], properties: { jwt: iss } }, []],
    [
      'what a reference beside it makes ineffective',
      {
        definitions: { any: {} },
        $ref: '#/definitions/any',
        required: ['jwt'],
        properties: { jwt },
      },
      [],
    ],
    ['what is negated', { not: { required: ['jwt'], properties: { jwt } } }, []],
    [
      'what is in the request itself',
      { required: ['uri'], properties: { uri: { const: { $data: '#/jwt/iss' } } } },
      [],
    ],
  ])('finds in a schema %s', (_what, schema, demands) => {
    expect(demandsOf({ engine: 'json-schema', schema })).toEqual(demands);
  });

  it.each([
    ['is a draft', { status: 'draft' }],
    ['is a shadow', { status: 'shadow' }],
    ['only limits scopes', { type: 'scope' }],
  ])('files no policy that %s', (_why, limits) => {
    expect(demandsOf({ engine: 'allow', ...limits })).toBeUndefined();
  });
});
