import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { lint } from './lint.js';

const matcho = (pattern: JsonObject): JsonObject => ({ engine: 'matcho', matcho: pattern });
const schema = (source: JsonObject): JsonObject => ({
  engine: 'json-schema',
  schema: source,
  link: [{ reference: 'User/u1' }],
});
const warningsOf = (policy: JsonObject): ReadonlyMap<string, string> =>
  new Map(lint(parsePolicy(policy)).map(({ code, message }) => [code, message]));
const codesOf = (policy: JsonObject): readonly string[] => [...warningsOf(policy).keys()];
/** Asks for a name that no request has. */
const STRANGE: JsonObject = { properties: { usr: { const: 1 } } };
const NURSE: JsonObject = { properties: { name: { pattern: 'nurse' } } };

describe('lint, about members of the request', () => {
  it.each(['user', 'role', 'session', 'client', 'jwt', 'token'])(
    'takes a required %s beside a negation for an identity',
    (name) => {
      const negation = { uri: { $not: '/x' } };

      expect(codesOf(matcho(negation))).toContain('not-admits-anonymous');
      expect(codesOf(matcho({ ...negation, [name]: 'present?' }))).not.toContain(
        'not-admits-anonymous',
      );
    },
  );

  it('finds no negation in a schema without one', () => {
    const plain = { engine: 'json-schema', schema: { required: ['uri'] } };

    expect(codesOf(plain)).not.toContain('not-admits-anonymous');
  });

  it.each(['request-method', 'scheme', 'uri', 'query-string', 'remote-addr'])(
    'knows that %s is a text',
    (name) => {
      expect(codesOf(matcho({ [name]: 1 }))).toContain('never-holds');
      expect(codesOf(matcho({ [name]: { $enum: [1, 2] } }))).toContain('never-holds');
      expect(codesOf(matcho({ [name]: { $enum: [1, 'a'] } }))).not.toContain('never-holds');
      expect(codesOf(matcho({ [name]: 'not-blank?' }))).not.toContain('never-holds');
    },
  );

  it.each([
    ...['params', 'headers', 'operation', 'jwt', 'token', 'user', 'session', 'client'],
    'evaluation',
  ])('knows that %s is an object', (name) => {
    expect(codesOf(matcho({ [name]: 'text' }))).toContain('never-holds');
    expect(codesOf(matcho({ [name]: 'present?' }))).not.toContain('never-holds');
    expect(codesOf(matcho({ [name]: 'present?' }))).not.toContain('unknown-key');
  });

  it.each(['body', 'resource'])('knows that %s may be anything', (name) => {
    for (const pattern of ['text', { a: 1 }, ['a'], { $length: 1 }]) {
      expect(codesOf(matcho({ [name]: pattern }))).not.toContain('never-holds');
    }
  });

  it('knows of what there is a length', () => {
    expect(codesOf(matcho({ role: { $length: 1 } }))).not.toContain('never-holds');
    expect(codesOf(matcho({ user: { $length: 1 } }))).toContain('never-holds');
  });

  it('knows what a session has', () => {
    expect(codesOf(matcho({ session: { name: 'x' } }))).toContain('unknown-key');
    expect(codesOf(matcho({ session: { role: 'present?' } }))).not.toContain('unknown-key');
  });

  it.each([
    'operation.id',
    'role.0.name',
    'session.role.0.name',
    'client.id',
    'token.sub',
    'remote-addr',
  ])('knows that the sender does not choose %s', (path) => {
    expect(codesOf(matcho({ params: { id: `.${path}` } }))).not.toContain('unguarded-path');
    expect(codesOf(matcho({ params: { id: '.body.id' } }))).toContain('unguarded-path');
  });

  it('knows that part of an operation may be another', () => {
    expect(codesOf(matcho({ operation: { id: '#Read' } }))).toContain('unanchored-regex');
    expect(codesOf(matcho({ operation: { id: '#^FhirRead' } }))).not.toContain('unanchored-regex');
  });

  it.each([
    ['by its position', matcho({ role: [{ name: '#nurse' }] })],
    ['of a schema', schema({ properties: { role: { items: NURSE } } })],
  ])('knows that part of the name of a Role may be another: %s', (_name, policy) => {
    expect(codesOf(policy)).toContain('unanchored-regex');
  });

  it('knows operations only where they are said', () => {
    const known = { operations: new Set(['FhirRead']) };
    const linked = (id: string) =>
      parsePolicy({ engine: 'allow', link: [{ reference: `Operation/${id}` }] });
    const asked = (id: string) => parsePolicy(matcho({ operation: { id: { $enum: [id] } } }));

    for (const make of [linked, asked]) {
      expect(lint(make('FhirRaed'), known).map(({ code }) => code)).toContain('unknown-operation');
      expect(lint(make('FhirRead'), known).map(({ code }) => code)).not.toContain(
        'unknown-operation',
      );
      expect(lint(make('FhirRaed')).map(({ code }) => code)).not.toContain('unknown-operation');
    }
    expect(lint(linked('FhirRaed'), known)[0]?.message).toContain('(FhirRaed)');
    const number = parsePolicy(matcho({ operation: { id: 1 } }));
    expect(lint(number, known).map(({ code }) => code)).not.toContain('unknown-operation');
  });

  it('finds one upper-case method among several', () => {
    const mixed = matcho({ 'request-method': { $enum: ['get', 'PUT'] } });

    expect(codesOf(mixed)).toContain('request-method-upper-case');
  });

  it('takes for operations only what is compared with their id', () => {
    const policy = parsePolicy(matcho({ uri: '/x', operation: { id: 'FhirRead' } }));
    const codes = (id: string): readonly string[] =>
      lint(policy, { operations: new Set([id]) }).map(({ code }) => code);

    expect(codes('FhirRead')).not.toContain('unknown-operation');
    expect(codes('FhirSearch')).toContain('unknown-operation');
  });
});

describe('lint, within patterns and schemas', () => {
  it('looks at the place of a reference and not into it', () => {
    const reference = { $reference: { id: 'x', usr: 'y' } };

    expect(codesOf(matcho({ usr: reference, uri: '/x' }))).toContain('unknown-key');
    expect(codesOf(matcho({ body: { subject: reference } }))).not.toContain('unknown-key');
    expect(codesOf(matcho({ uri: reference }))).not.toContain('never-holds');
  });

  it.each(['not', 'if', 'then', 'else'])('looks into the %s of a schema', (keyword) => {
    expect(codesOf(schema({ [keyword]: STRANGE }))).toContain('unknown-key');
    expect(codesOf(schema({ [keyword]: { required: ['user'] } }))).not.toContain('unknown-key');
  });

  it.each(['allOf', 'anyOf', 'oneOf'])('looks into each %s of a schema', (keyword) => {
    expect(codesOf(schema({ [keyword]: [true, STRANGE] }))).toContain('unknown-key');
  });

  it('takes an empty pattern of a schema for none', () => {
    expect(codesOf(schema({ properties: { uri: { pattern: '' } } }))).toEqual([]);
  });

  it('finds a list that the sender chooses', () => {
    const listed = (pointer: string): JsonObject =>
      schema({ properties: { body: { enum: { $data: pointer } } } });

    expect(codesOf(listed('#/params/x'))).toContain('unguarded-path');
    expect(codesOf(listed('#/jwt/x'))).not.toContain('unguarded-path');
  });

  it('finds one of several rules that cannot hold', () => {
    const never = matcho({ uri: { $enum: ['/a'], '$one-of': ['/b'] } });
    const either = (rule: JsonObject): JsonObject => ({
      engine: 'complex',
      or: [matcho({ uri: '/c' }), rule],
    });

    expect(codesOf(either(never))).toContain('never-holds');
    expect(codesOf(either(matcho({ uri: '/a' })))).not.toContain('never-holds');
  });

  it('finds an RPC that is none by what else is asked for', () => {
    const rest = (uri: JsonObject | string): JsonObject => ({
      ...matcho({ uri, user: { id: 'u1' } }),
      type: 'rest',
    });

    expect(codesOf(rest('/rpc'))).toContain('never-holds');
    expect(codesOf(rest({ $enum: ['/rpc', '/x'] }))).not.toContain('never-holds');
  });
});

describe('the message of a warning', () => {
  it('is a sentence, with the places where there are some', () => {
    const strange = matcho({ operation: { name: { a: 'x' } }, params: { id: '.usr.id' } });
    const never = matcho({ uri: { path: 'x' }, jwt: { iss: { $enum: ['a'], '$one-of': ['b'] } } });
    const constant = schema({ properties: { uri: { constant: '/x' } } });

    expect(warningsOf(strange).get('unknown-key')).toBe(
      'Requests have nothing of that name. (operation.name, .usr.id)',
    );
    expect(warningsOf(never).get('never-holds')).toBe(
      'A part of it cannot hold for any request. (jwt.iss, uri, uri.path)',
    );
    expect(warningsOf(constant).get('constant-keyword')).toBe(
      '"constant" is read as "const", the keyword of draft-07.',
    );
  });

  it('names at most five places, and long ones in part', () => {
    const places = (count: number, length: number): string | undefined => {
      const keys = Array.from({ length: count }, (_, at) => [`${at}${'k'.repeat(length)}`, 'x']);
      const pattern = { ...Object.fromEntries(keys), uri: '/x' } as JsonObject;
      return lint(parsePolicy(matcho(pattern)))[0]?.message.split('. ')[1];
    };

    expect(places(5, 1)).toBe('(0k, 1k, 2k, 3k, 4k)');
    expect(places(6, 1)).toBe('(0k, 1k, 2k, 3k, 4k, …)');
    expect(places(1, 200)).toBe(`(0${'k'.repeat(99)})`);
  });
});
