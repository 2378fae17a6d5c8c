import { validateDto } from '../validate-dto.js';
import { TokenIntrospectorDto } from './token-introspector.dto.js';

const ISS = 'https://auth.example.com';
const jwt = { type: 'jwt', jwt: { iss: ISS, secret: 'very-secret' } };

async function faults(resource: Record<string, unknown>): Promise<readonly unknown[]> {
  const issues = await validateDto('TokenIntrospector', TokenIntrospectorDto, resource);
  return issues.map(({ expression }) => expression?.replace('TokenIntrospector.', ''));
}

describe('TokenIntrospectorDto', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a secret', jwt],
    ['a JWK set', { type: 'jwt', jwt: { iss: ISS }, jwks_uri: `${ISS}/jwks` }],
    ['a URL with its closing quote', { type: 'jwt', jwks_uri: `${ISS}/jwks.json"` }],
    ['a host without a dot', { type: 'jwt', jwks_uri: 'http://keycloak:8180/realms/a/certs' }],
    ['a host with an underscore', { type: 'jwt', jwks_uri: 'http://my_keycloak:8180/certs' }],
    ['loopback', { type: 'jwt', jwks_uri: 'http://127.0.0.1:8180/certs' }],
    ['IPv6', { type: 'jwt', jwks_uri: 'http://[::1]:8180/certs' }],
    [
      'keys',
      { type: 'jwt', jwt: { keys: [{ kty: 'RSA', alg: 'RS256', format: 'PEM', pub: 'x' }] } },
    ],
    ['an audience', { ...jwt, jwt: { aud: 'fhir' } }],
    ['audiences', { ...jwt, jwt: { aud: ['fhir', 'other'] } }],
    ['the shortest and longest ttl', { ...jwt, cache_ttl: 1, stale_if_error: 86_400 }],
    ['an endpoint', { type: 'opaque', introspection_endpoint: { url: ISS, authorization: 'B x' } }],
    ['an identity provider', { ...jwt, identity_provider: { reference: 'IdentityProvider/kc' } }],
    ['trusted users', { ...jwt, trusted_users: ['a', 'User/b', { reference: 'User/c' }] }],
    [
      'everything that Wardgate adds',
      {
        ...jwt,
        id: 'a',
        resourceType: 'TokenIntrospector',
        active: false,
        user_resolution: ['sub'],
        accept_id_token: true,
        accept_jwt: true,
        token_pattern: '^a',
        jwt: {
          issuers: [ISS],
          algorithms: ['RS256'],
          typ: 'at+jwt',
          required_claims: ['sub'],
          exp_required: false,
          clock_skew: 0,
        },
      },
    ],
  ])('takes %s', async (_what, resource) => {
    await expect(faults(resource)).resolves.toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no type', { jwt: jwt.jwt }, 'type'],
    ['an unknown type', { ...jwt, type: 'saml' }, 'type'],
    ['an unknown element', { ...jwt, jwks: 'x' }, 'jwks'],
    ['jwks_uri below jwt', { ...jwt, jwt: { jwks_uri: ISS } }, 'jwt.jwks_uri'],
    ['a ttl of 0', { ...jwt, cache_ttl: 0 }, 'cache_ttl'],
    ['a ttl beyond a day', { ...jwt, cache_ttl: 86_401 }, 'cache_ttl'],
    ['a ttl in words', { ...jwt, cache_ttl: '300' }, 'cache_ttl'],
    ['a ttl that is no integer', { ...jwt, cache_ttl: 1.5 }, 'cache_ttl'],
    ['a ttl of null', { ...jwt, cache_ttl: null }, 'cache_ttl'],
    ['a list in place of jwt', { ...jwt, jwt: [] }, 'jwt'],
    ['null in place of jwt', { ...jwt, jwt: null }, 'jwt'],
    ['an empty secret', { ...jwt, jwt: { secret: '' } }, 'jwt.secret'],
    ['an empty issuer', { ...jwt, jwt: { iss: '' } }, 'jwt.iss'],
    ['an unknown kty', { ...jwt, jwt: { keys: [key({ kty: 'oct' })] } }, 'jwt.keys[0].kty'],
    ['alg none', { ...jwt, jwt: { keys: [key({ alg: 'none' })] } }, 'jwt.keys[0].alg'],
    [
      'an unknown format',
      { ...jwt, jwt: { keys: [key({ format: 'JWK' })] } },
      'jwt.keys[0].format',
    ],
    ['no keys', { ...jwt, jwt: { keys: [] } }, 'jwt.keys'],
    ['seventeen keys', { ...jwt, jwt: { keys: Array(17).fill(key()) } }, 'jwt.keys'],
    ['algorithms with none', { ...jwt, jwt: { algorithms: ['none'] } }, 'jwt.algorithms'],
    ['no algorithms', { ...jwt, jwt: { algorithms: [] } }, 'jwt.algorithms'],
    ['no audiences', { ...jwt, jwt: { aud: [] } }, 'jwt.aud'],
    ['an audience of null', { ...jwt, jwt: { aud: null } }, 'jwt.aud'],
    ['a skew below 0', { ...jwt, jwt: { clock_skew: -1 } }, 'jwt.clock_skew'],
    ['a skew of an hour', { ...jwt, jwt: { clock_skew: 3600 } }, 'jwt.clock_skew'],
    ['an unknown resolution', { ...jwt, user_resolution: ['email'] }, 'user_resolution'],
    ['no resolution', { ...jwt, user_resolution: [] }, 'user_resolution'],
    ['a trusted client', { ...jwt, trusted_users: ['Client/a'] }, 'trusted_users'],
    ['active in words', { ...jwt, active: 'false' }, 'active'],
    [
      'an endpoint without url',
      { ...jwt, introspection_endpoint: {} },
      'introspection_endpoint.url',
    ],
  ])('refuses %s', async (_what, resource, fault) => {
    expect(new Set(await faults(resource))).toEqual(new Set([fault]));
  });

  it.each([
    'https://auth.example.com/"jwks.json',
    'https://auth.example.com/jwks.json""',
    'https://user:pass@auth.example.com/jwks',
    'auth.example.com/jwks',
    'file:///etc/passwd',
    'https://',
    'https://a b/jwks',
    '<AUTH_SERVER_URL>/jwks',
  ])('refuses the URL %s', async (uri) => {
    await expect(faults({ type: 'jwt', jwks_uri: uri })).resolves.toEqual(['jwks_uri']);
  });
});

function key(elements: object = {}): object {
  return { kty: 'RSA', alg: 'RS256', format: 'PEM', pub: 'x', ...elements };
}
