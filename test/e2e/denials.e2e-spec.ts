import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { DenialStore } from '../../src/access/tracing/denial-store.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

jest.setTimeout(60_000);

const ISSUER = 'https://issuer.example/denials';
const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };

let database: TestDatabase;
let app: TestApp;
let other: TestApp;

const requestId = (reply: Reply): string => reply.headers.get('x-request-id') ?? '';
const explained = (reply: Reply, by = app): Promise<Reply> =>
  by.call('GET', `/$decision/${requestId(reply)}`, { asRoot: true });

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({}, database);
  other = await startTestApp({}, database);
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
  await app.put('/TokenIntrospector/issuer', {
    type: 'jwt',
    jwt: { iss: ISSUER, secret: 'secret of the issuer of denials' },
  });
  await app.put('/AccessPolicy/p1-only', {
    engine: 'matcho',
    matcho: { client: { id: 'trial' }, params: { 'resource/id': '#^p1$' } },
  });
});
afterAll(async () => {
  await app.stop();
  await other.stop();
  await database.drop();
});

describe('what is remembered of a request', () => {
  it('holds no secret, in memory or in the store', async () => {
    const jwt = signJwt(secretKey('secret of the issuer of denials'), accessClaims(ISSUER));
    const body = {
      secret: 'S3CRET-1',
      details: { note: `Bearer S3CRETS3CRET-2`, proof: jwt, auth: { password: 'S3CRET-3' } },
    };
    const denied = await app.call('PUT', '/Client/c1?client_secret=S3CRET-4', {
      headers: {
        ...AS_TRIAL,
        'x-api-key': 'S3CRET-5',
        referer: 'https://app.example/?access_token=S3CRET-6',
        'x-forwarded-authorization': 'Bearer S3CRETS3CRET-7',
      },
      body,
    });
    const forged = await app.call('GET', '/fhir/Patient', { token: `${jwt}x` });
    await app.nest.get(DenialStore, { strict: false }).flush();
    const inMemory = [await explained(denied), await explained(forged)];
    const stored = [await explained(denied, other), await explained(forged, other)];

    expect(denied.status).toBe(403);
    const texts = [...inMemory, ...stored].map(({ text }) => text);
    expect(inMemory[0]?.json).toMatchObject({
      source: 'memory',
      decisions: [{ request: { body: { secret: '[redacted]' } } }],
    });
    expect(stored[0]?.json).toMatchObject({ source: 'store' });
    expect(stored.map(({ status }) => status)).toEqual([200, 200]);
    for (const text of texts) expect(text).not.toMatch(/S3CRET|trial-secret|eyJ/);
  });

  it('of a large body is a part that says so', async () => {
    const text = 'x'.repeat(10_000);
    const denied = await app.call('POST', '/fhir/Patient', {
      headers: AS_TRIAL,
      body: { resourceType: 'Patient', name: Array.from({ length: 1_000 }, () => ({ text })) },
    });
    const { json, text: answer } = await explained(denied);

    expect(denied.status).toBe(403);
    expect(json).toMatchObject({
      decisions: [{ cut: ['body'], request: { body: { resourceType: 'Patient' } } }],
    });
    expect(answer.length).toBeLessThan(50_000);
  });

  it('is a denial on every instance, and an allowed request on its own only', async () => {
    const denied = await app.call('GET', '/fhir/Patient/p2', { headers: AS_TRIAL });
    const allowed = await app.call('GET', '/fhir/Patient/p1', { headers: AS_TRIAL });
    await app.nest.get(DenialStore, { strict: false }).flush();

    const elsewhere = await explained(denied, other);
    expect(elsewhere.json).toMatchObject({
      source: 'store',
      total: 1,
      decisions: [
        {
          decision: 'deny',
          considered: expect.arrayContaining([
            expect.objectContaining({ id: 'p1-only', reason: 'mismatch' }),
          ]) as unknown,
        },
      ],
    });
    expect((await explained(allowed, other)).status).toBe(404);
    expect((await explained(allowed)).status).toBe(200);
  });
});

describe('stored denials', () => {
  const deniedElsewhere = async (env: Readonly<Record<string, string>>): Promise<Reply> => {
    const forgetful = await startTestApp({ WARDGATE_DECISION_TRACES: '0', ...env }, database);
    try {
      return await forgetful.call('GET', '/fhir/Patient/p2', { headers: AS_TRIAL });
    } finally {
      await forgetful.stop();
    }
  };

  it('are written when an instance stops', async () => {
    expect((await explained(await deniedElsewhere({}))).json).toMatchObject({ source: 'store' });
  });

  it('are none where they are kept for no time', async () => {
    const denied = await deniedElsewhere({ WARDGATE_DENIAL_RETENTION: '0s' });

    expect(denied.status).toBe(403);
    expect((await explained(denied)).status).toBe(404);
  });

  it('are removed when they are old, and the oldest when they are many', async () => {
    const old = await deniedElsewhere({});
    const recent = await deniedElsewhere({});
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    await sql.query(
      `UPDATE denial SET denied_at = now() - interval '721 hours' WHERE request_id = $1`,
      [requestId(old)],
    );
    const kept = await explained(old);
    await other.nest.get(DenialStore, { strict: false }).prune();
    const statuses = [(await explained(old)).status, (await explained(recent)).status];
    await sql.query(
      `INSERT INTO denial (request_id, denied_at, is_known, trace)
       SELECT gen_random_uuid(), now(), true, '{}' FROM generate_series(1, 100000)`,
    );
    await other.nest.get(DenialStore, { strict: false }).prune();
    const { rows } = await sql.query('SELECT count(*)::int AS count FROM denial WHERE is_known');
    await sql.end();

    expect([kept.status, ...statuses]).toEqual([200, 404, 200]);
    expect(rows).toEqual([{ count: 100_000 }]);
    expect((await explained(recent)).status).toBe(404);
  });
});
