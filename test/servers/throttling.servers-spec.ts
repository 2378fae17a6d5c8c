import { blackHole, type BlackHole } from '../support/black-hole.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

describe('failed attempts in Redis', () => {
  const redisUrl = process.env['REDIS_URL'] ?? '';
  /** Nobody else counts under these names, not even the previous run. */
  const account = `c-${Date.now()}`;
  let network: BlackHole;
  let first: TestApp;
  let second: TestApp;

  beforeAll(async () => {
    network = await blackHole(redisUrl);
    const env = {
      REDIS_URL: network.url,
      BOX_WEB_TRUSTED_PROXIES: '127.0.0.1',
      BOX_SECURITY_THROTTLE_FAILURES: '3',
      BOX_SECURITY_THROTTLE_WINDOW: '10s',
      BOX_SECURITY_THROTTLE_BLOCK: '20m',
      BOX_SECURITY_ENCRYPT_SECRET: `the same for both instances: ${account}`,
    };
    first = await startTestApp(env);
    await first.put(`/Client/${account}`, { secret: 'right', grant_types: ['basic'] });
    await first.put('/AccessPolicy/all', { engine: 'matcho', matcho: { client: 'present?' } });
    second = await startTestApp(env, first.database);
  });
  afterAll(async () => {
    await second.stop();
    await first.stop();
    await network.stop();
  });

  const attempt = async (app: TestApp, secret: string, address: string): Promise<number> => {
    const headers = { authorization: basic(account, secret), 'x-forwarded-for': address };
    return (await app.call('GET', '/fhir/Patient', { headers })).status;
  };

  it('are counted together, whichever instance they reach', async () => {
    expect(await attempt(first, 'wrong', '192.0.2.1')).toBe(401);
    expect(await attempt(second, 'wrong', '192.0.2.1')).toBe(401);
    expect(await attempt(first, 'wrong', '192.0.2.1')).toBe(401);
    expect(await attempt(first, 'right', '192.0.2.1')).toBe(429);
  });

  it('block on another instance from the first failure there, for as long', async () => {
    expect(await attempt(second, 'wrong', '192.0.2.1')).toBe(429);
    const headers = { authorization: basic(account, 'right'), 'x-forwarded-for': '192.0.2.1' };
    const reply = await second.call('GET', '/fhir/Patient', { headers });

    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(1000);
    expect(await attempt(second, 'right', '192.0.2.2')).toBe(200);
  });

  it('are counted by each instance while Redis does not answer', async () => {
    network.swallow();

    expect(await attempt(first, 'wrong', '192.0.2.3')).toBe(401);
    expect(await attempt(first, 'wrong', '192.0.2.3')).toBe(401);
    expect(await attempt(first, 'wrong', '192.0.2.3')).toBe(401);
    expect(await attempt(first, 'wrong', '192.0.2.3')).toBe(429);
    expect(await attempt(first, 'right', '192.0.2.4')).toBe(200);
  });
});
