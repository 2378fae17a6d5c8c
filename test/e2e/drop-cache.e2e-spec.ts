import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { jwksRequests, startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, ecKey, signJwt, type SigningKey } from '../support/token-signer.js';

jest.setTimeout(60_000);

/** The bound of spec §10. */
const BOUND_MS = 1000;
const ISSUER = 'https://issuer.example';

const logger = new RecordingLogger();
let database: TestDatabase;
let issuer: JwksServer;
let first: TestApp;
let second: TestApp;
/** Both under one kid: only what is cached tells them apart. */
let oldKey: SigningKey;
let newKey: SigningKey;

beforeAll(async () => {
  database = await createTestDatabase();
  issuer = await startJwksServer();
  first = await startTestApp({}, database);
  // Who starts last has the log of the process.
  second = await startTestApp({}, database, logger);
  await first.put('/TokenIntrospector/issuer', {
    type: 'jwt',
    jwt: { iss: ISSUER },
    jwks_uri: issuer.jwksUri,
    cache_ttl: 86_400,
  });
  await first.put('/AccessPolicy/of-issuer', {
    engine: 'matcho',
    matcho: { jwt: { iss: ISSUER }, 'request-method': 'get' },
  });
  await first.put('/Client/plain', { secret: 'plain-secret', grant_types: ['basic'] });
  await first.put('/AccessPolicy/plain', { engine: 'matcho', matcho: { client: { id: 'plain' } } });
});
afterAll(async () => {
  await first.stop();
  await second.stop();
  await issuer.stop();
  await database.drop();
});
beforeEach(async () => {
  oldKey = ecKey('the-kid');
  newKey = ecKey('the-kid');
  issuer.mode = 'up';
  issuer.keys = [oldKey.jwk];
  await drop();
  await until(second, oldKey, 200);
});

const drop = (): Promise<Reply> => first.call('POST', '/$drop-cache', { asRoot: true });
const token = (key: SigningKey): string => signJwt(key, accessClaims(ISSUER));

async function statusOf(app: TestApp, key: SigningKey): Promise<number> {
  return (await app.call('GET', '/fhir/Basic', { token: token(key) })).status;
}

/** How long, in ms, it takes until an instance answers so. */
async function until(app: TestApp, key: SigningKey, expected: number): Promise<number> {
  const since = performance.now();
  while ((await statusOf(app, key)) !== expected) {
    if (performance.now() - since > 10 * BOUND_MS) throw new Error('It never did');
    await delay(5);
  }
  return performance.now() - since;
}

describe('POST /$drop-cache', () => {
  it('answers 200 without a body', async () => {
    const { status, text, headers } = await drop();

    expect({ status, text, length: headers.get('content-length') }).toEqual({
      status: 200,
      text: '',
      length: '0',
    });
  });

  it('is in the log of decisions, with who did it', async () => {
    logger.lines.length = 0;
    await drop();

    const records = logger.lines.filter((line) => line.includes('$drop-cache'));
    expect(records).toHaveLength(1);
    expect(records[0]).toContain('Client/root');
    expect(records[0]).toContain('root-client');
  });

  it('makes the next request here, and on the other instance within a second, ask the issuer', async () => {
    expect([await statusOf(first, oldKey), await statusOf(second, oldKey)]).toEqual([200, 200]);
    issuer.keys = [newKey.jwk];
    expect([await statusOf(first, newKey), await statusOf(second, newKey)]).toEqual([401, 401]);
    expect([await statusOf(first, oldKey), await statusOf(second, oldKey)]).toEqual([200, 200]);

    await drop();

    expect([await statusOf(first, oldKey), await statusOf(first, newKey)]).toEqual([401, 200]);
    expect(await until(second, oldKey, 401)).toBeLessThan(BOUND_MS);
    expect(await statusOf(second, newKey)).toBe(200);
  });

  it('forgets a token that was verified', async () => {
    const remembered = token(oldKey);
    const ask = async () => (await first.call('GET', '/fhir/Basic', { token: remembered })).status;
    expect([await ask(), await ask()]).toEqual([200, 200]);
    issuer.keys = [newKey.jwk];

    await drop();

    expect(await ask()).toBe(401);
  });

  it('lets nobody have what was on its way before', async () => {
    await drop();
    issuer.mode = 'held';
    const before = jwksRequests(issuer);
    const waiting = statusOf(first, oldKey);
    while (jwksRequests(issuer) === before) await delay(5);

    issuer.keys = [newKey.jwk];
    await drop();
    issuer.mode = 'up';
    expect(await statusOf(first, newKey)).toBe(200);
    issuer.release();
    // Who asked before the drop is answered with what was fetched for it.
    expect(await waiting).toBe(200);

    expect([await statusOf(first, oldKey), await statusOf(first, newKey)]).toEqual([401, 200]);
  });

  it('answers 503 afterwards while the issuer is down: nothing cached is left', async () => {
    await drop();
    issuer.mode = 'down';

    const reply = await first.call('GET', '/fhir/Basic', { token: token(oldKey) });

    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('5');
  });

  it('reaches an instance that starts later', async () => {
    issuer.keys = [newKey.jwk];
    await drop();
    const third = await startTestApp({}, database);

    expect([await statusOf(third, oldKey), await statusOf(third, newKey)]).toEqual([401, 200]);
    await third.stop();
  });

  it('is for administrators, whatever policies allow', async () => {
    const headers = { authorization: basic('plain', 'plain-secret') };

    expect((await first.call('POST', '/$drop-cache', { headers })).status).toBe(403);
    expect((await first.call('POST', '/$drop-cache')).status).toBe(401);
    expect((await first.call('POST', '/$drop-cache', { token: token(oldKey) })).status).toBe(403);
    expect(await statusOf(first, oldKey)).toBe(200);
  });

  it('refuses parameters, and is on no other path or method', async () => {
    const call = async (method: string, path: string) =>
      (await first.call(method, path, { asRoot: true })).status;

    expect(await call('POST', '/$drop-cache?instance=2')).toBe(400);
    expect(await call('GET', '/$drop-cache')).toBe(404);
    expect(await call('POST', '/$drop-cache/x')).toBe(404);
  });
});
