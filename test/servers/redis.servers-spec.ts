import { blackHole, type BlackHole } from '../support/black-hole.js';
import { startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, rsaKey, signJwt } from '../support/token-signer.js';

describe('the cache in Redis', () => {
  const redisUrl = process.env['REDIS_URL'] ?? '';
  const key = rsaKey('k1');
  let issuer: JwksServer;
  let network: BlackHole;
  let first: TestApp;
  let second: TestApp;

  beforeAll(async () => {
    issuer = await startJwksServer([key.jwk]);
    network = await blackHole(redisUrl);
    const env = {
      REDIS_URL: network.url,
      BOX_SECURITY_ENCRYPT_SECRET: 'the same thirty-two characters for both',
    };
    first = await startTestApp(env);
    const introspector = (id: string) => ({
      type: 'jwt',
      cache_ttl: 300,
      jwks_uri: `${issuer.jwksUri}?${id}`,
      jwt: { iss: id },
    });
    await first.put('/TokenIntrospector/a', introspector('a'));
    await first.put('/TokenIntrospector/b', introspector('b'));
    await first.put('/AccessPolicy/all', { engine: 'matcho', matcho: { jwt: 'present?' } });
    second = await startTestApp(env, first.database);
  });
  afterAll(async () => {
    await second.stop();
    await first.stop();
    await network.stop();
    await issuer.stop();
  });

  const fetches = () => [...issuer.requests.values()].reduce((sum, count) => sum + count, 0);
  const read = async (app: TestApp, iss: string) => {
    const token = signJwt(key, accessClaims(iss));
    return (await app.call('GET', '/fhir/Patient', { token })).status;
  };

  it('is shared: a key set that one instance fetched is not fetched by another', async () => {
    expect(await read(first, 'a')).toBe(200);
    expect(await read(second, 'a')).toBe(200);
    expect(fetches()).toBe(1);
  });

  it('is never waited for: while it does not answer, keys come from their issuer', async () => {
    network.swallow();

    expect(await read(first, 'b')).toBe(200);
    expect(await read(second, 'b')).toBe(200);
    expect(fetches()).toBe(3);
  });
});
