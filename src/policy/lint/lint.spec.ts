import type { Json, JsonObject } from '../json.js';
import { lint } from './lint.js';
import { parsePolicy } from '../parse-policy.js';

const iss = 'https://auth.example.com';
const matcho = (pattern: JsonObject): JsonObject => ({ engine: 'matcho', matcho: pattern });
const schema = (source: JsonObject): JsonObject => ({ engine: 'json-schema', schema: source });
const ofUser = { link: [{ reference: 'User/u1' }] };

const negated = matcho({ user: { id: { $not: 'u2' } }, uri: '/x' });
const upper = matcho({ 'request-method': { $enum: ['GET'] }, user: 'present?' });

const ofSchema = (source: JsonObject): JsonObject => ({ ...schema(source), ...ofUser });
const codesOf = (policy: JsonObject): readonly string[] =>
  lint(parsePolicy(policy)).map(({ code }) => code);

/** The request object, asked for as little as can be. */
const EVERY = Object.fromEntries(
  (
    'request-method scheme query-string params body resource headers remote-addr operation jwt ' +
    'token user role session client'
  )
    .split(' ')
    .map((key) => [key, 'present?']),
);

/** The same expressions as a schema. */
function asSchemaOf(pattern: Json): JsonObject {
  if (typeof pattern === 'string') return { pattern: pattern.slice(1) };
  const [[key, part] = ['', '']] = Object.entries(pattern as JsonObject);
  return key === '$contains'
    ? { contains: asSchemaOf(part) }
    : { properties: { [key]: asSchemaOf(part) } };
}

describe('lint', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    [
      'a $not on user',
      matcho({ user: { $not: { id: 'x' } } }),
      ['not-admits-anonymous', 'tried-on-every-request'],
    ],
    [
      'a $not on what identifies nobody',
      matcho({ uri: { $not: '/x' } }),
      ['not-admits-anonymous', 'tried-on-every-request'],
    ],
    [
      'a $not beside a required client',
      matcho({ user: { $not: { id: 'x' } }, client: 'present?' }),
      ['tried-on-every-request'],
    ],
    ['a $not below a required user', negated, []],
    ['a $not on a link to a User', { ...matcho({ uri: { $not: '/x' } }), ...ofUser }, []],
    ['a $not with a role', { ...matcho({ uri: { $not: '/x' } }), roleName: 'nurse' }, []],
    [
      'a $not in one of several rules',
      { engine: 'complex', or: [matcho({ uri: '/a' }), matcho({ uri: { $not: '/x' } })] },
      ['not-admits-anonymous', 'tried-on-every-request'],
    ],
    [
      'a not in a schema',
      schema({ not: { required: ['user'] } }),
      ['not-admits-anonymous', 'tried-on-every-request'],
    ],
    [
      'a not beside a required user',
      schema({ not: false, required: ['user'] }),
      ['tried-on-every-request'],
    ],
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
      ['tried-on-every-request'],
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
      ['issuer-only', 'constant-keyword', 'tried-on-every-request'],
    ],
    ['no part of a request', schema({ properties: {} }), ['tried-on-every-request']],
    [
      'an issuer and a call',
      {
        engine: 'complex',
        and: [matcho({ jwt: { iss } }), { engine: 'allow-rpc', rpc: { m: true } }],
      },
      [],
    ],
    [
      'the older keyword in one of several rules',
      { engine: 'complex', and: [upper, schema({ properties: { uri: { constant: '/x' } } })] },
      ['request-method-upper-case', 'constant-keyword'],
    ],
    ['an active token alone', matcho({ token: { active: true } }), ['issuer-only']],
    ['an upper-case method', upper, ['request-method-upper-case']],
    ['upper case elsewhere', matcho({ uri: '/Patient' }), []],
    ['a lower-case method', matcho({ 'request-method': 'get', user: 'present?' }), []],
    [
      'an upper-case method in a schema',
      schema({ required: ['user'], properties: { 'request-method': { const: 'GET' } } }),
      ['request-method-upper-case', 'tried-on-every-request'],
    ],
    [
      'one of several upper-case methods in a schema',
      ofSchema({ properties: { 'request-method': { enum: ['get', 'PUT'] } } }),
      ['request-method-upper-case'],
    ],
  ])('says of %s what there is to say', (_name, policy, codes) => {
    expect(codesOf(policy)).toEqual(codes);
  });

  it.each<[string, JsonObject]>([
    ['a name that no request has', matcho({ usr: { id: 'x' }, uri: '/x' })],
    ['a header with capitals', matcho({ headers: { 'X-Tenant': 'a' }, uri: '/x' })],
    ['a member that an operation has not', matcho({ operation: { name: 'x' }, uri: '/x' })],
    ['a path to what no request has', matcho({ params: { id: '.usr.id' }, uri: '/x' })],
    ['a name in a schema', ofSchema({ properties: { usr: { const: 1 } } })],
    ['a required name in a schema', ofSchema({ required: ['usr'] })],
    ['a pointer in a schema', ofSchema({ properties: { uri: { const: { $data: '#/usr/id' } } } })],
    ['a name in a call', { engine: 'matcho-rpc', rpc: { m: { usr: 'x' } } }],
    ['a name within a rule', { engine: 'complex', and: [matcho({ usr: 'x', uri: '/x' })] }],
  ])('says of %s that it is unknown', (_name, policy) => {
    expect(codesOf(policy)).toContain('unknown-key');
  });

  it.each<[string, JsonObject]>([
    ['every name of a request', matcho({ ...EVERY, uri: '/x' })],
    ['a header in lower case', matcho({ headers: { 'x-tenant': 'a' }, uri: '/x' })],
    ['the id of an operation', matcho({ operation: { id: 'FhirRead' } })],
    ['a place of which a schema asks nothing', ofSchema({ properties: { usr: true } })],
    ['open members', matcho({ user: { data: { any: 'x' } }, jwt: { any: 'y' } })],
    ['a path with a slash', matcho({ user: { id: '.params.resource/id' }, uri: '/x' })],
    ['names below items', matcho({ role: { $contains: { name: 'x' } } })],
    ['a schema', ofSchema({ required: ['jwt'], properties: { user: true } })],
  ])('says nothing of %s', (_name, policy) => {
    expect(codesOf(policy)).not.toContain('unknown-key');
    expect(codesOf(policy)).not.toContain('never-holds');
  });

  it.each<[string, JsonObject]>([
    ['two values of one place', matcho({ uri: { $enum: ['/a'], '$one-of': ['/b'] } })],
    [
      'two values by two rules',
      { engine: 'complex', and: [matcho({ uri: '/a' }), matcho({ uri: '/b' })] },
    ],
    [
      'two values in one branch',
      {
        engine: 'complex',
        or: [matcho({ uri: '/c' }), { and: [matcho({ uri: '/a' }), matcho({ uri: '/b' })] }],
      },
    ],
    [
      'a link and another operation',
      {
        ...matcho({ operation: { id: 'FhirSearch' } }),
        link: [{ reference: 'Operation/FhirRead' }],
      },
    ],
    ['a draft', { ...matcho({ uri: { $enum: ['/a'], '$one-of': ['/b'] } }), status: 'draft' }],
    ['a number as path', matcho({ uri: 1 })],
    ['a text as user', matcho({ user: 'u1' })],
    ['an expression on an object', matcho({ jwt: '#^x$' })],
    ['a member of a text', matcho({ uri: { path: 'x' } })],
    ['items of the whole request', matcho({ $contains: { id: 'x' } })],
    ['an object as roles', matcho({ role: { name: 'nurse' } })],
    ['an RPC that is none', { ...matcho({ uri: '/rpc' }), type: 'rest' }],
    ['another path than that of an RPC', { ...matcho({ uri: '/x' }), type: 'rpc' }],
    ['a policy of type scope', { ...matcho({ uri: '/x' }), type: 'scope' }],
  ])('says of %s that it never holds', (_name, policy) => {
    expect(codesOf(policy)).toContain('never-holds');
  });

  it.each<[string, JsonObject]>([
    ['values that both allow', matcho({ uri: { $enum: ['/a', '/b'], '$one-of': ['/b', '/c'] } })],
    ['alternatives', { engine: 'complex', or: [matcho({ uri: '/a' }), matcho({ uri: '/b' })] }],
    ['different places', matcho({ uri: '/a', jwt: { sub: '/b' } })],
    [
      'two Roles of one user',
      {
        ...matcho({ role: { '$present-all': [{ name: 'a' }, { name: 'b' }] } }),
        roleName: 'c',
      },
    ],
    ['what must only be there', matcho({ user: 'present?', uri: '#^/x' })],
    ['a text as it is elsewhere', matcho({ uri: '.jwt.path' })],
    ['a list of Roles', matcho({ role: [{ name: 'nurse' }] })],
    ['an RPC', { ...matcho({ uri: '/rpc' }), type: 'rpc' }],
    ['a request by type', { ...matcho({ uri: '/x' }), type: 'rest' }],
  ])('takes %s for possible', (_name, policy) => {
    expect(codesOf(policy)).not.toContain('never-holds');
  });

  it.each<[string, JsonObject, boolean]>([
    ['two parameters', matcho({ params: { id: '.body.id' } }), true],
    ['two parameters in a list', matcho({ params: { id: { $enum: '.params.ids' } } }), true],
    ['a header and a parameter', matcho({ headers: { 'x-t': '.params.t' } }), true],
    ['a parameter and the user', matcho({ params: { id: '.user.id' } }), false],
    ['a claim and a parameter', matcho({ jwt: { sub: '.params.sub' } }), false],
    ['by a schema', ofSchema({ properties: { body: { const: { $data: '#/params/x' } } } }), true],
    [
      'by a schema with a claim',
      ofSchema({ properties: { body: { const: { $data: '#/jwt/x' } } } }),
      false,
    ],
  ])('knows whether a comparison guards anything: %s', (_name, policy, expected) => {
    expect(codesOf(policy).includes('unguarded-path')).toBe(expected);
  });

  it.each<[string, JsonObject, boolean]>([
    ['a path', { uri: '#/fhir/Patient' }, true],
    ['a type', { params: { 'resource/type': '#Patient' } }, true],
    ['a type by its beginning', { params: { 'resource/type': '#^Patient' } }, false],
    ['a path by its beginning', { uri: '#^/fhir/Patient' }, false],
    ['a path with flags', { uri: '#(?i)^/fhir/patient' }, false],
    ['a path of two', { uri: '#^/a|/b' }, true],
    ['a path of two beginnings', { uri: '#^/a|^/b' }, false],
    ['an issuer by its beginning', { jwt: { iss: '#^https://a.example' } }, true],
    ['an issuer by its end', { jwt: { iss: '#a.example$' } }, true],
    ['a whole issuer', { jwt: { iss: '#^https://[a-z]+\\.example$' } }, false],
    ['the name of a Role', { role: { $contains: { name: '#nurse' } } }, true],
    ['a text that may be anywhere', { body: { note: '#urgent' } }, false],
  ])('knows whether an expression is anchored where it must be: %s', (_name, pattern, expected) => {
    const asSchema = schema(asSchemaOf(pattern));

    expect(codesOf(matcho(pattern)).includes('unanchored-regex')).toBe(expected);
    expect(codesOf(asSchema).includes('unanchored-regex')).toBe(expected);
  });
});
