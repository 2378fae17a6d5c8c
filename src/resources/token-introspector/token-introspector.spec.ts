import { parseTokenIntrospector, trustedUserId } from './token-introspector.js';

describe('parseTokenIntrospector', () => {
  it('fills in what a jwt introspector leaves out', () => {
    const resource = { id: 'a', meta: { versionId: '3' }, type: 'jwt', jwt: { iss: 'https://a' } };

    expect(parseTokenIntrospector(resource)).toEqual({
      id: 'a',
      revision: 'a/3',
      lacksSecret: false,
      type: 'jwt',
      active: true,
      cacheTtlSeconds: 300,
      staleIfErrorSeconds: 0,
      identityProviderId: undefined,
      userResolution: ['box_user', 'identifier', 'sub'],
      trustedUserIds: [],
      iss: 'https://a',
      aud: [],
      issuers: [],
      algorithms: undefined,
      typ: undefined,
      requiredClaims: [],
      expRequired: true,
      clockSkewSeconds: 30,
      acceptIdToken: false,
      keySource: { kind: 'discovery', issuer: 'https://a' },
    });
  });

  it.each([
    [{ secret: 's' }, {}, { kind: 'secret', secret: 's' }],
    [{}, { jwks_uri: 'https://a/jwks' }, { kind: 'jwks', uri: 'https://a/jwks' }],
    [
      { keys: [{ kty: 'OCT', alg: 'HS256', format: 'plain', k: 'k' }] },
      {},
      { kind: 'keys', keys: [{ kty: 'OCT', alg: 'HS256', k: 'k' }] },
    ],
    [{ iss: 'https://a', _secret: {} }, {}, { kind: 'none' }],
    [{ iss: 'https://a', secret: '' }, {}, { kind: 'none' }],
    [{}, {}, { kind: 'none' }],
  ])('finds the keys of %j %j', (jwt, top, keySource) => {
    expect(parseTokenIntrospector({ id: 'a', type: 'jwt', jwt, ...top })).toMatchObject({
      keySource,
    });
  });

  it('reads an opaque introspector', () => {
    const endpoint = { url: 'https://a/introspect', authorization: 'Basic x' };
    const resource = {
      id: 'o',
      type: 'opaque',
      introspection_endpoint: endpoint,
      accept_jwt: true,
    };

    expect(parseTokenIntrospector(resource)).toMatchObject({
      type: 'opaque',
      url: 'https://a/introspect',
      authorization: 'Basic x',
      acceptJwt: true,
      tokenPattern: undefined,
    });
  });

  it('keeps the order in which Users are to be found', () => {
    const parsed = parseTokenIntrospector({ type: 'jwt', user_resolution: ['sub', 'identifier'] });

    expect(parsed.userResolution).toEqual(['sub', 'identifier']);
  });

  it('freezes every level', () => {
    const parsed = parseTokenIntrospector({ type: 'jwt', jwt: { secret: 's', aud: ['a'] } });

    const levels = [parsed, parsed.aud, parsed.type === 'jwt' && parsed.keySource];

    expect(levels.every(Object.isFrozen)).toBe(true);
  });
});

describe('trustedUserId', () => {
  it.each([
    ['a', 'a'],
    ['User/a', 'a'],
    [{ reference: 'User/a' }, 'a'],
    ['Client/a', undefined],
    [{ reference: 'https://a/User/a' }, undefined],
    ['', undefined],
    [null, undefined],
    [1, undefined],
  ])('of %j is %j', (value, id) => {
    expect(trustedUserId(value)).toBe(id);
  });
});
