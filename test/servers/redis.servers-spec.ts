import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, rsaKey, signJwt } from '../support/token-signer.js';

/** Passes bytes on to Redis until it is told to swallow them, as a network that is gone would. */
interface BlackHole {
  readonly url: string;
  swallow(): void;
  stop(): Promise<void>;
}

async function blackHole(redisUrl: string): Promise<BlackHole> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const server: Server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!isSwallowing) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: () => {
      isSwallowing = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

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
