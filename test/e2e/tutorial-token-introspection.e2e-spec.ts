import { startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  accessClaims,
  ecKey,
  rsaKey,
  secretKey,
  signJwt,
  type SigningKey,
} from '../support/token-signer.js';

const ISSUER = 'https://auth.example.com';
const VERY_SECRET = secretKey('very-secret');

const WITH_SECRET = `resourceType: TokenIntrospector
id: external-auth-server
type: jwt
jwt:
  iss: https://auth.example.com
  secret: very-secret
`;

const withJwks = (issuer: string) => `resourceType: TokenIntrospector
id: external-auth-server
type: "jwt"
jwt:
  iss: ${issuer}
jwks_uri: ${issuer}/.well-known/jwks.json"
`;

const withCacheTtl = (issuer: string) => `resourceType: TokenIntrospector
id: external-auth-server
type: jwt
cache_ttl: 3600  # Cache public keys for 1 hour
jwt:
  iss: ${issuer}
jwks_uri: ${issuer}/.well-known/jwks.json
`;

/** A PEM as a YAML value, which the placeholders of the tutorial stand for. */
const pem = (key: SigningKey) => JSON.stringify(key.pem);

const withKeys = (keys: {
  rs256: SigningKey;
  rs384: SigningKey;
  es256: SigningKey;
  secret: string;
}) => `resourceType: TokenIntrospector
id: external-auth-server
resourceType: TokenIntrospector
id: with-keys
type: jwt
jwt:
  iss: ${ISSUER}
  keys:
    - pub: ${pem(keys.rs256)}
      kty: RSA
      alg: RS256
      format: PEM
    - pub: ${pem(keys.rs384)}
      kty: RSA
      alg: RS384
      format: PEM
    - pub: ${pem(keys.es256)}
      kty: EC
      alg: ES256
      format: PEM
    - k: ${keys.secret}
      kty: OCT
      alg: HS256
      format: plain
`;

const policyFor = (issuer: string) => `resourceType: AccessPolicy
id: external-auth-server
engine: json-schema
schema:
  required:
    - jwt
  properties:
    jwt:
      required:
        - iss
      properties:
        iss:
          constant: ${issuer}
`;

const USER = `resourceType: User
id: some-user-id
data:
  id: basic
  sub: basic
  email: basic@example.com
`;

const PRINTED_TOKEN =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJPbmxpbmUgSldUIEJ1aWxkZXIiLCJpYXQiOjE2NTc4ODA4' +
  'NjMsImV4cCI6MTY4OTQxNjg2MywiYXVkIjoid3d3LmV4YW1wbGUuY29tIiwic3ViIjoianJvY2tldEBleGFtcGxlLmNvb' +
  'SIsIkdpdmVuTmFtZSI6IkpvaG5ueSIsIlN1cm5hbWUiOiJSb2NrZXQiLCJFbWFpbCI6Impyb2NrZXRAZXhhbXBsZS5jb2' +
  '0iLCJSb2xlIjpbIk1hbmFnZXIiLCJQcm9qZWN0IEFkbWluaXN0cmF0b3IiXX0.TvlrkjPfNAATDW6tHOcgRh3ZNl2tYpU' +
  'PkFBS_UjU6TY';

describe('the token introspection tutorial', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const yaml = { 'content-type': 'text/yaml' };
  const put = (path: string, body: string) => app.put(path, body, yaml);
  const read = (token: string) => app.call('GET', '/fhir/Patient', { token });

  describe('with a secret', () => {
    beforeAll(async () => {
      await put('/TokenIntrospector/external-auth-server', WITH_SECRET);
      await put('/AccessPolicy/external-auth-server', policyFor(ISSUER));
      await put('/User/some-user-id', USER);
    });

    it('opens /fhir/Patient to a token of the issuer', async () => {
      const reply = await read(signJwt(VERY_SECRET, accessClaims(ISSUER)));

      expect(reply.status).toBe(200);
      expect(reply.json).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 0 });
    });

    it('refuses the token that the tutorial prints: another issuer, and long expired', async () => {
      const reply = await read(PRINTED_TOKEN);

      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe(
        'Bearer realm="fhir", error="invalid_token"',
      );
      expect(reply.json).toMatchObject({ resourceType: 'OperationOutcome' });
    });

    it('denies a valid token of another issuer, whom the json-schema policy does not name', async () => {
      await put('/TokenIntrospector/other', WITH_SECRET.replace(ISSUER, 'https://other.example'));
      const other = signJwt(VERY_SECRET, accessClaims('https://other.example'));

      expect((await read(other)).status).toBe(403);
      expect((await read(signJwt(VERY_SECRET, accessClaims(ISSUER)))).status).toBe(200);
    });

    it('resolves the User by sub, and by box_user before it', async () => {
      await app.put('/AccessPolicy/only-some-user', {
        engine: 'matcho',
        matcho: {
          user: { id: 'some-user-id', data: { email: 'basic@example.com' } },
          jwt: { iss: 'https://third.example' },
        },
      });
      await put('/TokenIntrospector/third', WITH_SECRET.replace(ISSUER, 'https://third.example'));
      const token = (claims: object) =>
        signJwt(VERY_SECRET, { ...accessClaims('https://third.example'), ...claims });

      expect((await read(token({ sub: 'some-user-id' }))).status).toBe(200);
      expect(
        (await read(token({ sub: 'keycloak-uuid-1234', box_user: 'some-user-id' }))).status,
      ).toBe(200);
      expect((await read(token({ sub: 'basic' }))).status).toBe(403);
      expect((await read(token({ sub: 'some-user-id', box_user: 'nobody' }))).status).toBe(403);
    });

    it('governs the very next request when the policy is deleted and written again', async () => {
      const token = signJwt(VERY_SECRET, accessClaims(ISSUER));
      const policy = '/AccessPolicy/external-auth-server';

      expect((await app.call('DELETE', policy, { asRoot: true })).status).toBe(200);
      expect((await read(token)).status).toBe(403);
      await put(policy, policyFor(ISSUER));
      expect((await read(token)).status).toBe(200);
    });
  });

  describe('with a JWKS', () => {
    const key = rsaKey('k1');
    let issuer: JwksServer;

    beforeAll(async () => {
      issuer = await startJwksServer([key.jwk]);
      await put('/AccessPolicy/external-auth-server', policyFor(issuer.issuer));
    });
    afterAll(async () => {
      await issuer.stop();
    });

    it.each([
      ['as printed first', withJwks],
      ['with cache_ttl', withCacheTtl],
    ])('opens /fhir/Patient to a token of the issuer, %s', async (_name, introspector) => {
      await put('/TokenIntrospector/external-auth-server', introspector(issuer.issuer));

      expect((await read(signJwt(key, accessClaims(issuer.issuer)))).status).toBe(200);
      const forged = signJwt(rsaKey('k1'), accessClaims(issuer.issuer));
      expect((await read(forged)).status).toBe(401);
    });
  });

  describe('with keys', () => {
    const keys = {
      rs256: rsaKey(),
      rs384: rsaKey(undefined, 'RS384'),
      es256: ecKey(),
      secret: 'oct-secret',
    };

    beforeAll(async () => {
      await put('/AccessPolicy/external-auth-server', policyFor(ISSUER));
      await put('/TokenIntrospector/external-auth-server', withKeys(keys));
    });

    it.each([
      ['RS256', keys.rs256],
      ['RS384', keys.rs384],
      ['ES256', keys.es256],
      ['HS256', secretKey(keys.secret)],
    ])('opens /fhir/Patient to a token signed with %s', async (_alg, key) => {
      expect((await read(signJwt(key, accessClaims(ISSUER)))).status).toBe(200);
    });

    it('refuses a token that is signed with none of them', async () => {
      expect((await read(signJwt(rsaKey(), accessClaims(ISSUER)))).status).toBe(401);
    });

    it('lets the id of the URL win over the one in the body', async () => {
      const reply = await app.call('GET', '/TokenIntrospector/with-keys', { asRoot: true });

      expect(reply.status).toBe(404);
    });
  });
});
