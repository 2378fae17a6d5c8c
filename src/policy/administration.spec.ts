import { isAdministratorGrant, speaksOfAdministration } from './administration.js';
import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';

const allow = { engine: 'allow', link: [{ reference: 'User/u1' }] };

describe('isAdministratorGrant', () => {
  it.each<[string, JsonObject, boolean]>([
    ['an allow policy linked to a User', allow, true],
    ['an allow policy linked to a Client', { ...allow, link: [{ reference: 'Client/c' }] }, true],
    ['one linked to an Operation only', { ...allow, link: [{ reference: 'Operation/x' }] }, false],
    ['one for REST', { ...allow, type: 'rest' }, true],
    ['one without a link', { engine: 'allow' }, false],
    ['one with a role', { ...allow, roleName: 'nurse' }, false],
    ['one that is a draft', { ...allow, status: 'draft' }, false],
    ['one for RPC only', { ...allow, type: 'rpc' }, false],
    ['one of another engine', { ...allow, engine: 'matcho', matcho: { user: 'present?' } }, false],
  ])('%s: %#', (_name, policy, expected) => {
    expect(isAdministratorGrant(parsePolicy(policy))).toBe(expected);
  });
});

describe('speaksOfAdministration', () => {
  const mixed = parsePolicy({
    engine: 'allow',
    link: [{ reference: 'User/u1' }, { reference: 'Operation/FhirUpdate' }],
  });

  it('counts a link to a User when asked of the policy as such', () => {
    expect(speaksOfAdministration(mixed)).toBe(true);
  });

  it.each([
    [['User/u1', 'Client/c1'], true],
    [['Client/c1'], true],
    [['Operation/FhirUpdate'], false],
  ])('asked of the policy as such, counts links to %j: %j', (targets, expected) => {
    const link = targets.map((reference) => ({ reference }));

    expect(speaksOfAdministration(parsePolicy({ engine: 'allow', link }))).toBe(expected);
  });

  it("counts only the request's own User when asked of a request", () => {
    const operation = { id: 'FhirUpdate' };

    expect(speaksOfAdministration(mixed, { operation, user: { id: 'u1' } })).toBe(true);
    expect(speaksOfAdministration(mixed, { operation, user: { id: 'u2' } })).toBe(false);
  });
});

describe('a pattern', () => {
  const speaks = (pattern: JsonObject): boolean =>
    speaksOfAdministration(parsePolicy({ engine: 'matcho', matcho: pattern }));

  it.each(['user', 'role', 'session', 'client', 'jwt', 'token'])(
    'that compares the uri with what %s says speaks of administration',
    (part) => {
      expect(speaks({ uri: `.${part}.x` })).toBe(true);
    },
  );

  it.each(['params', 'body', 'headers', 'query-string', 'operation', 'uri'])(
    'that compares it with %s, which the sender chooses, does not',
    (part) => {
      expect(speaks({ uri: `.${part}.x` })).toBe(false);
    },
  );

  it.each<[string, JsonObject, boolean]>([
    ['a part of the operation', { operation: { id: { $enum: ['FhirRead'] } } }, true],
    ['an operation that is only there', { operation: { id: 'not-blank?' } }, false],
    ['another part of the operation', { operation: { x: 'FhirRead' } }, true],
    ['another part of params', { params: { x: 'User' } }, false],
    ['the type of the resource', { params: { 'resource/type': { $enum: ['User'] } } }, true],
    ['a type compared with one that is trusted', { params: { 'resource/type': '.jwt.t' } }, true],
    ['a type compared with a parameter', { params: { 'resource/type': '.params.t' } }, false],
    ['a user that is missing', { user: 'nil?' }, false],
    ['a user that is there', { user: 'present?' }, true],
    ['roles one of which is named', { role: { $contains: { name: 'admin' } } }, true],
    ['a user in one of two ways', { user: { '$one-of': [{ id: 'a' }, { id: 'b' }] } }, true],
    ['a user in one way, none in another', { user: { '$one-of': [{ id: 'a' }, 'nil?'] } }, false],
    ['a uri by reference', { uri: { $reference: { resourceType: 'User' } } }, true],
    [
      'one of several',
      { uri: { $reference: { resourceType: { $enum: ['User', 'Role'] } } } },
      true,
    ],
    ['a resource by reference', { uri: { $reference: 'User/u1' } }, true],
    ['either of two', { uri: { $reference: { '$one-of': ['User/u1', 'Role/r1'] } } }, true],
    ['the type of a claim', { uri: { $reference: { resourceType: '.jwt.type' } } }, true],
    ['an id by reference', { uri: { $reference: { id: 'u1' } } }, false],
    ['the id of the user', { uri: { $reference: { id: '.user.id' } } }, false],
    ['an id beside a type', { uri: { $reference: { id: 'u1', resourceType: 'User' } } }, true],
    ['an id like all', { uri: { $reference: { id: '#^[A-Za-z0-9-]+$' } } }, false],
    ['a type like all', { uri: { $reference: { resourceType: '#^[A-Z]' } } }, false],
    ['a type by letters', { uri: { $reference: { resourceType: '#^User$' } } }, false],
    ['a reference like all', { uri: { $reference: '#^[A-Z]' } }, false],
    ['a type or any', { uri: { $reference: { '$one-of': ['User/u1', { id: 'a' }] } } }, false],
    ['a type under a condition', { uri: { $reference: { id: 'a', $not: { x: 1 } } } }, false],
    [
      'a type with a condition',
      { uri: { $reference: { resourceType: 'User', $not: { id: 'a' } } } },
      true,
    ],
    ['a client by reference', { client: { $reference: { id: 'c' } } }, true],
    ['a client that no reference may name', { client: { $reference: 'nil?' } }, false],
    ['a uri in one of two ways', { uri: { '$one-of': ['/a', '/b'] } }, true],
    ['a uri in one way, any in another', { uri: { '$one-of': ['/a', 'present?'] } }, false],
    ['a uri twice', { '$one-of': [{ uri: '/a', x: 1 }, { uri: '/b' }] }, true],
    ['a type under alternatives', { params: { '$one-of': [{ 'resource/type': 'User' }] } }, true],
    ['a type under some', { params: { '$one-of': [{ 'resource/type': 'A' }, { x: 1 }] } }, false],
    [
      'a type under one of two conditions',
      { params: { 'resource/type': 'User', $not: { x: 1 } } },
      true,
    ],
    ['a user under one of two conditions', { user: { id: 'a', $not: { x: 1 } } }, true],
    [
      'a user under conditions that none meets, too',
      { user: { $not: { x: 1 }, '$one-of': ['nil?', { id: 'a' }] } },
      false,
    ],
    ['a type beside a condition', { params: { x: 1, $not: { 'resource/type': 'User' } } }, false],
    ['an operation by position', { operation: { $contains: 'x' } }, true],
    ['an operation that is any list', { operation: { $contains: 'present?' } }, false],
    ['a negation', { uri: { $not: '/auth' } }, false],
    ['a user that is not one', { user: { $not: { id: 'x' } } }, false],
  ])('that asks for %s: %j → %j', (_what, pattern, expected) => {
    expect(speaks(pattern)).toBe(expected);
  });
});

describe('a schema', () => {
  const speaks = (schema: JsonObject): boolean =>
    speaksOfAdministration(parsePolicy({ engine: 'json-schema', schema }));
  const uri = (schema: JsonObject): JsonObject => ({
    required: ['uri'],
    properties: { uri: schema },
  });

  it.each(['user', 'role', 'session', 'client', 'jwt', 'token'])(
    'that compares the uri with what %s says speaks of administration',
    (part) => {
      expect(speaks(uri({ const: { $data: `#/${part}/x` } }))).toBe(true);
    },
  );

  it.each(['params', 'body', 'uri'])('that compares it with %s does not', (part) => {
    expect(speaks(uri({ const: { $data: `#/${part}/x` } }))).toBe(false);
    expect(speaks(uri({ enum: { $data: `#/${part}` } }))).toBe(false);
  });

  it.each<[string, JsonObject, boolean]>([
    ['a list of values', uri({ enum: ['/a'] }), true],
    ['a reference beside a value', uri({ $ref: '#/definitions/a', const: '/a' }), false],
    ['a pattern of text', uri({ type: 'string', pattern: '^/User' }), true],
    ['a pattern that what is no text passes', uri({ pattern: '^/User' }), false],
    ['a pattern that finds all', uri({ type: 'string', pattern: '.' }), false],
    ['a value that need not be there', { properties: { uri: { const: '/a' } } }, false],
    ['another value that must', { required: ['x'], properties: { uri: { const: '/a' } } }, false],
    ['all of several parts', { allOf: [{ required: ['x'] }, uri({ const: '/a' })] }, true],
    ['all of others', { allOf: [{ required: ['x'] }, uri({})] }, false],
    ['one of several', { oneOf: [{ required: ['user'] }, uri({ const: '/a' })] }, true],
    ['one of several that need not', { oneOf: [{ required: ['user'] }, uri({})] }, false],
    ['a value in all of its ways', uri({ anyOf: [{ const: '/a' }, { const: '/b' }] }), false],
  ])('that asks for %s: %j → %j', (_what, schema, expected) => {
    const definitions = { a: true };

    expect(speaks({ definitions, ...schema })).toBe(expected);
  });

  it.each(['allOf', 'anyOf', 'oneOf'])('may say it of a part by %s', (keyword) => {
    const type = (value: JsonObject): JsonObject => ({
      required: ['resource/type'],
      properties: { 'resource/type': value },
    });
    const params = (...parts: JsonObject[]): JsonObject => ({
      required: ['params'],
      properties: { params: { [keyword]: parts } },
    });

    expect(speaks(params(type({ const: 'User' }), type({ enum: ['Role'] })))).toBe(true);
    expect(speaks(params(type({}), type({ type: 'string' })))).toBe(false);
    expect(speaks(params(type({ const: 'User' }), type({})))).toBe(keyword === 'allOf');
  });
});

describe('an engine that says nothing of the caller', () => {
  it.each<[string, JsonObject]>([
    ['allow-rpc', { engine: 'allow-rpc', rpc: { m: true } }],
    ['matcho-rpc', { engine: 'matcho-rpc', rpc: { m: { user: 'present?' } } }],
  ])('%s does not speak of administration', (_engine, policy) => {
    expect(speaksOfAdministration(parsePolicy(policy))).toBe(false);
    expect(speaksOfAdministration(parsePolicy({ ...policy, roleName: 'admin' }))).toBe(true);
  });
});
