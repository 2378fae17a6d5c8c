import { generateKeyPairSync } from 'node:crypto';
import { ecKey, edKey, rsaKey } from '../../../test/support/token-signer.js';
import type { JsonObject } from '../../policy/json.js';
import { checkTokenIntrospector, type RuleSurroundings } from './token-introspector.rules.js';

const SURROUNDINGS: RuleSurroundings = { others: [], refusedUrl: () => undefined };
const ISS = 'https://auth.example.com';
const STRONG = 'a secret of at least 32 characters';
const rsa = rsaKey().pem;
const rsaEntry = { kty: 'RSA', alg: 'RS256', format: 'PEM', pub: rsa };

function check(resource: JsonObject, surroundings: Partial<RuleSurroundings> = {}) {
  return checkTokenIntrospector(resource, { ...SURROUNDINGS, ...surroundings });
}

function jwt(elements: JsonObject, top: JsonObject = {}): JsonObject {
  return { type: 'jwt', ...top, jwt: { iss: ISS, aud: 'fhir', ...elements } };
}

function expressions(resource: JsonObject): readonly (string | undefined)[] {
  return check(resource).issues.map(({ expression }) =>
    expression?.replace('TokenIntrospector.', ''),
  );
}

describe('the source of keys', () => {
  it.each([
    ['a secret', jwt({ secret: STRONG })],
    ['a secret kept outside', jwt({ _secret: { extension: [] } })],
    ['a JWK set', jwt({}, { jwks_uri: `${ISS}/jwks` })],
    ['keys', jwt({ keys: [rsaEntry] })],
    ['discovery', jwt({})],
  ])('may be %s', (_source, resource) => {
    expect(check(resource)).toMatchObject({ issues: [], warnings: [] });
  });

  it.each([
    ['a secret and a JWK set', jwt({ secret: STRONG }, { jwks_uri: ISS })],
    ['a secret kept outside and a JWK set', jwt({ _secret: {} }, { jwks_uri: ISS })],
    ['a secret and keys', jwt({ secret: STRONG, keys: [rsaEntry] })],
    ['keys and a JWK set', jwt({ keys: [rsaEntry] }, { jwks_uri: ISS })],
  ])('may not be %s', (_sources, resource) => {
    expect(check(resource).issues).toHaveLength(2);
  });

  it('must be there', () => {
    expect(expressions({ type: 'jwt' })).toEqual(['jwt']);
    expect(expressions({ type: 'jwt', jwt: { aud: 'fhir' } })).toEqual(['jwt']);
  });

  it.each(['auth.example.com', 'urn:issuer', `${ISS}/?tenant=1`, `${ISS}/#a`])(
    'cannot be discovered at the issuer %s',
    (iss) => {
      expect(expressions(jwt({ iss }))).toEqual(['jwt.iss']);
      expect(expressions(jwt({ iss, secret: STRONG }))).toEqual([]);
    },
  );
});

describe('jwt.keys', () => {
  it.each([
    ['RSA for RS512', { ...rsaEntry, alg: 'RS512' }],
    ['RSA for PS256', { ...rsaEntry, alg: 'PS256' }],
    ['EC for ES256', { kty: 'EC', alg: 'ES256', format: 'PEM', pub: ecKey().pem }],
    ['EC for ES384', { kty: 'EC', alg: 'ES384', format: 'PEM', pub: ecKey('', 'ES384').pem }],
    ['OKP for EdDSA', { kty: 'OKP', alg: 'EdDSA', format: 'PEM', pub: edKey().pem }],
    ['OCT for HS384', { kty: 'OCT', alg: 'HS384', format: 'plain', k: STRONG }],
    ['OCT kept outside', { kty: 'OCT', alg: 'HS256', format: 'plain', _k: {} }],
  ])('may hold %s', (_key, entry) => {
    expect(check(jwt({ keys: [entry] }))).toMatchObject({ issues: [], warnings: [] });
  });

  it.each([
    ['an RSA key for HS256', { ...rsaEntry, alg: 'HS256' }, ['alg']],
    ['an RSA key for ES256', { ...rsaEntry, alg: 'ES256' }, ['alg']],
    [
      'a P-256 key for ES384',
      { kty: 'EC', alg: 'ES384', format: 'PEM', pub: ecKey().pem },
      ['alg'],
    ],
    ['an RSA key called EC', { ...rsaEntry, kty: 'EC', alg: 'ES256' }, ['kty']],
    ['a plain RSA key', { ...rsaEntry, format: 'plain' }, ['format']],
    ['an RSA key without pub', { kty: 'RSA', alg: 'RS256', format: 'PEM' }, ['pub']],
    ['an RSA key with k', { ...rsaEntry, k: STRONG }, ['k']],
    ['an RSA key of 1024 bit', { ...rsaEntry, pub: rsaKey('', 'RS256', 1024).pem }, ['pub']],
    ['an RSA key that is none', { ...rsaEntry, pub: 'MIIB' }, ['pub']],
    ['a secret for RS256', { kty: 'OCT', alg: 'RS256', format: 'plain', k: STRONG }, ['alg']],
    ['a secret in PEM', { kty: 'OCT', alg: 'HS256', format: 'PEM', k: STRONG }, ['format']],
    ['a secret that is a public key', { kty: 'OCT', alg: 'HS256', format: 'plain', k: rsa }, ['k']],
    ['a secret without k', { kty: 'OCT', alg: 'HS256', format: 'plain' }, ['k']],
  ])('may not hold %s', (_key, entry, elements) => {
    const expected = elements.map((element) => `jwt.keys[1].${element}`);

    expect(expressions(jwt({ keys: [rsaEntry, entry] }))).toEqual(expected);
  });

  it('may not hold a private key, and says so', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pub = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

    const { issues } = check(jwt({ keys: [{ kty: 'EC', alg: 'ES256', format: 'PEM', pub }] }));

    expect(issues).toEqual([
      {
        code: 'invalid',
        diagnostics: 'This is a private key; send its public key only, and replace the pair',
        expression: 'TokenIntrospector.jwt.keys[0].pub',
      },
    ]);
  });

  it('holds one to sixteen keys', () => {
    expect(expressions(jwt({ keys: [] }))).toEqual(['jwt.keys']);
    expect(expressions(jwt({ keys: Array<JsonObject>(16).fill(rsaEntry) }))).toEqual([]);
    expect(expressions(jwt({ keys: Array<JsonObject>(17).fill(rsaEntry) }))).toEqual(['jwt.keys']);
  });
});

describe('jwt.secret', () => {
  it('may be short, with a warning that does not repeat it', () => {
    const { issues, warnings } = check(jwt({ secret: 'very-secret' }));

    expect(issues).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('TokenIntrospector.jwt.secret')]);
    expect(warnings.join()).not.toContain('very-secret');
  });

  it.each([
    ['in PEM', rsa],
    ['in base64', rsa.split('\n').slice(1, -2).join('')],
  ])('may not be a public key %s', (_form, secret) => {
    expect(expressions(jwt({ secret }))).toEqual(['jwt.secret']);
  });
});

describe('jwt.algorithms', () => {
  it.each([
    [jwt({ secret: STRONG, algorithms: ['HS256'] }), []],
    [jwt({ secret: STRONG, algorithms: ['RS256'] }), ['jwt.algorithms']],
    [jwt({ algorithms: ['RS256', 'HS256'] }), []],
    [jwt({ algorithms: ['HS256'] }), ['jwt.algorithms']],
    [jwt({ keys: [rsaEntry], algorithms: ['RS256'] }), []],
    [jwt({ keys: [rsaEntry], algorithms: ['RS384'] }), ['jwt.algorithms']],
  ])('must be verified by one of the keys: %j', (resource, expected) => {
    expect(expressions(resource)).toEqual(expected);
  });
});

describe('what is allowed and warned about', () => {
  it.each([
    ['tokens that never expire', jwt({ exp_required: false }), 'jwt.exp_required'],
    ['any audience', { type: 'jwt', jwt: { iss: ISS } }, 'jwt.aud'],
    ['an endpoint that is not asked', jwt({}, { introspection_endpoint: {} }), 'introspection_e'],
  ])('%s', (_what, resource, path) => {
    const { issues, warnings } = check(resource);

    expect(issues).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`TokenIntrospector.${path}`)]);
  });

  it.each([
    ['a JWK set', jwt({}, { jwks_uri: 'http://keycloak' }), 'jwks_uri'],
    ['an issuer', jwt({ iss: 'http://keycloak' }), 'jwt.iss'],
    ['an endpoint', opaque({}), 'introspection_endpoint.url'],
  ])('%s that will not be called', (_what, resource, path) => {
    const { issues, warnings } = check(resource, { refusedUrl: () => 'not https' });

    expect(issues).toEqual([]);
    expect(warnings).toContain(`TokenIntrospector.${path}: The URL will not be called: not https`);
  });

  it('a URL with its closing quote', () => {
    const quoted = check(jwt({}, { jwks_uri: `${ISS}/jwks.json"` }));

    expect(quoted.issues).toEqual([]);
    expect(quoted.warnings).toEqual([
      'TokenIntrospector.jwks_uri: The quotation mark at the end is ignored',
    ]);
  });

  it('elements that its type does not use', () => {
    const unused = check(opaque({ jwt: { iss: ISS, typ: 'at+jwt' }, jwks_uri: `${ISS}/jwks` }));

    expect(unused.warnings).toEqual([
      'TokenIntrospector.type: Only an introspector of type jwt uses jwks_uri, jwt.typ',
    ]);
    expect(check(opaque({ jwt: { iss: ISS, aud: 'a', clock_skew: 1 } })).warnings).toEqual([]);
    expect(check(jwt({}, { token_pattern: 'a', accept_jwt: true })).warnings).toEqual([
      'TokenIntrospector.token_pattern: Only an introspector of type opaque uses it',
      'TokenIntrospector.accept_jwt: Only an introspector of type opaque uses it',
    ]);
  });

  it('JWTs of anybody sent to one endpoint', () => {
    const warnings = (elements: JsonObject): readonly string[] =>
      check(opaque({ accept_jwt: true, ...elements })).warnings;

    expect(warnings({})).toEqual([expect.stringContaining('TokenIntrospector.accept_jwt: JWTs')]);
    expect(warnings({ jwt: { iss: ISS } })).toEqual([]);
    expect(warnings({ token_pattern: '^a' })).toEqual([]);
  });

  it('several opaque introspectors that get every token', () => {
    const warnings = (others: readonly JsonObject[], elements: JsonObject = {}): number =>
      check(opaque(elements), { others }).warnings.filter((text) => text.includes('opaque token'))
        .length;

    expect(warnings([])).toBe(0);
    expect(warnings([opaque({})])).toBe(1);
    expect(warnings([opaque({ active: false })])).toBe(0);
    expect(warnings([opaque({ token_pattern: '^a' })])).toBe(0);
    expect(warnings([opaque({})], { token_pattern: '^a' })).toBe(0);
    expect(warnings([jwt({})])).toBe(0);
  });
});

describe('introspection endpoints', () => {
  it.each([
    ['opaque-[a-z0-9]{64}$', []],
    ['^(?!other-)', []],
    ['[', ['token_pattern']],
    ['(a)\\1', ['token_pattern']],
    ['a{1000}', ['token_pattern']],
  ])('take the tokens that %j finds, if it is an expression', (token_pattern, expected) => {
    expect(expressions(opaque({ token_pattern }))).toEqual(expected);
  });

  it('are sent no Authorization that is no header', () => {
    const endpoint = (authorization: string) => ({ url: `${ISS}/introspect`, authorization });
    const asked = (authorization: string) =>
      expressions(opaque({ introspection_endpoint: endpoint(authorization) }));

    expect(asked('Bearer foobar')).toEqual([]);
    expect(asked('Bearer a\nX: y')).toEqual(['introspection_endpoint.authorization']);
  });

  it.each(['opaque', 'aspxauth'])('are required by type %s', (type) => {
    expect(expressions({ type })).toEqual(['introspection_endpoint']);
    expect(expressions({ ...opaque({}), type })).toEqual([]);
  });
});

describe('issuers', () => {
  it('are listed only where none is named', () => {
    expect(expressions(jwt({ secret: STRONG, issuers: [ISS] }))).toEqual(['jwt.issuers']);
    expect(
      expressions({ type: 'jwt', jwt: { secret: STRONG, issuers: [ISS], aud: 'fhir' } }),
    ).toEqual([]);
  });
});

function opaque(elements: JsonObject): JsonObject {
  const endpoint = { url: `${ISS}/introspect` };
  return { type: 'opaque', introspection_endpoint: endpoint, ...elements };
}
