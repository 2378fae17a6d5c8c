import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@keyv/redis';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** How long a write may take to govern another instance (spec §10). */
const BOUND_MS = 1000;

const redis = createClient({ url: process.env['REDIS_URL'] ?? '' });
let endpoint: IntrospectionEndpoint;
let first: TestApp;
let second: TestApp;

beforeAll(async () => {
  await redis.connect();
  endpoint = await startIntrospectionEndpoint();
  const env = {
    REDIS_URL: process.env['REDIS_URL'] ?? '',
    BOX_SECURITY_ENCRYPT_SECRET: 'the same thirty-two characters for both',
  };
  first = await startTestApp(env);
  await first.put('/TokenIntrospector/o', {
    type: 'opaque',
    introspection_endpoint: { url: endpoint.url, authorization: 'Basic c2VjcmV0OnNlY3JldA==' },
    cache_ttl: 300,
  });
  await first.put('/AccessPolicy/reads', { engine: 'matcho', matcho: { token: { sub: 'ada' } } });
  second = await startTestApp(env, first.database);
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await endpoint.stop();
  await redis.quit();
});
beforeEach(async () => {
  await redis.flushAll();
  endpoint.asked.length = 0;
});

const read = async (app: TestApp, token: string): Promise<number> =>
  (await app.call('GET', '/fhir/Patient', { token })).status;

function vouchedToken(sub = 'ada'): string {
  const token = `token-${crypto.randomUUID()}`;
  const exp = Math.floor(Date.now() / 1000) + 300;
  endpoint.answers.set(token, { active: true, sub, exp, access_token: token });
  return token;
}

async function entries(): Promise<ReadonlyMap<string, string>> {
  const keys = await redis.keys('*');
  const values = await Promise.all(keys.map((key) => redis.get(key)));
  return new Map(keys.map((key, index) => [key, values[index] ?? '']));
}

describe('introspection results in Redis', () => {
  it('are shared: what one instance asked is not asked by another', async () => {
    const token = vouchedToken();

    expect([await read(first, token), await read(second, token)]).toEqual([200, 200]);
    expect(endpoint.askedAbout(token)).toBe(1);
  });

  it('show neither the token nor the credentials of the endpoint, and end', async () => {
    const token = vouchedToken();
    await read(first, token);
    const stored = await entries();

    expect(stored.size).toBe(1);
    const [[key, value] = ['', '']] = [...stored];
    expect(value).toContain('ada');
    for (const secret of [token, encodeURIComponent(token), 'c2VjcmV0OnNlY3JldA==']) {
      expect(key + value).not.toContain(secret);
    }
    expect(await redis.pTTL(key)).toBeGreaterThan(0);
    expect(await redis.pTTL(key)).toBeLessThanOrEqual(300_000);
  });

  it('are not kept of tokens that are refused', async () => {
    expect(await read(first, 'guess')).toBe(401);
    expect((await entries()).size).toBe(0);
  });

  it('that somebody changed are asked for again', async () => {
    const token = vouchedToken('eve');
    expect(await read(first, token)).toBe(403);
    for (const [key, value] of await entries()) await redis.set(key, value.replace('eve', 'ada'));

    expect(await read(second, token)).toBe(403);
    expect(endpoint.askedAbout(token)).toBe(2);
  });

  it('that somebody moved to another token are asked for again', async () => {
    const [good, bad] = [vouchedToken('ada'), vouchedToken('eve')];
    await read(first, good);
    const [[goodKey, goodValue] = ['', '']] = [...(await entries())];
    await read(first, bad);
    for (const key of (await entries()).keys()) {
      if (key !== goodKey) await redis.set(key, goodValue);
    }

    expect([await read(second, bad), await read(second, good)]).toEqual([403, 200]);
    expect([endpoint.askedAbout(bad), endpoint.askedAbout(good)]).toEqual([2, 1]);
  });

  it('that are no text of ours are asked for again', async () => {
    for (const forged of ['', '{', '"x"', '{"value":{"active":true}}', '.{"answer":{}}']) {
      const token = vouchedToken();
      await redis.flushAll();
      await read(first, token);
      for (const key of (await entries()).keys()) await redis.set(key, forged);

      expect(await read(second, token)).toBe(200);
      expect(endpoint.askedAbout(token)).toBe(2);
    }
  });

  it('count no longer after $drop-cache, on both instances', async () => {
    const [token, another] = [vouchedToken(), vouchedToken()];
    for (const app of [first, second]) {
      expect([await read(app, token), await read(app, another)]).toEqual([200, 200]);
    }
    endpoint.answers.clear();
    expect([await read(first, token), await read(second, another)]).toEqual([200, 200]);

    await first.call('POST', '/$drop-cache', { asRoot: true });
    const since = performance.now();
    expect(await read(first, token)).toBe(401);
    while ((await read(second, another)) === 200) {
      if (performance.now() - since > 10 * BOUND_MS) throw new Error('It never did');
      await delay(5);
    }
    expect(await read(second, another)).toBe(401);
    expect(await read(second, token)).toBe(401);
  });
});
