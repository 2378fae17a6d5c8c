import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { asks, sendBundle, statusesOf, writes } from '../support/bundle-calls.js';
import { idsFound } from '../support/synthea.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';
import { eventually } from '../support/until.js';

const POOL = 4;
const SEARCHES_AT_ONCE = 2;
/** Three quarters of the pool. */
const WRITES_AT_ONCE = 3;
const ISSUER = 'https://load.example';
const SECRET = 'secret-of-the-issuer-of-this-test';
const PATIENT = { resourceType: 'Patient', active: true };
const BUNDLE_TIMEOUT_MS = 1000;

describe('requests beside work that takes long', () => {
  let app: TestApp;
  let holder: pg.Client;
  let watcher: pg.Client;
  let token: string;

  const search = (path = '/fhir/Patient?active=true') => app.call('GET', path, { asRoot: true });
  const waitingFor = async (application: string, count: number) =>
    eventually(async () => (await waiting(application)) === count);
  const waiting = async (application: string) => {
    const { rows } = await watcher.query<{ count: string }>(
      `SELECT count(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = $1`,
      [application],
    );
    return Number(rows[0]?.count);
  };
  /** Searches by tokens wait until it is given back. */
  const lockTokens = async () => {
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE search_token IN ACCESS EXCLUSIVE MODE');
  };
  /** Writers of the resource wait until it is given back. */
  const lockResource = async (key: string) => {
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
  };
  const giveBack = () => holder.query('ROLLBACK');

  beforeAll(async () => {
    app = await startTestApp({
      BOX_DB_POOL_MAXIMUM_POOL_SIZE: String(POOL),
      WARDGATE_SEARCH_POOL_SIZE: String(SEARCHES_AT_ONCE),
      WARDGATE_SEARCH_TIMEOUT: '4s',
      WARDGATE_BUNDLE_TIMEOUT: `${BUNDLE_TIMEOUT_MS}ms`,
    });
    holder = new pg.Client({
      connectionString: app.clinicalDatabase.url,
      application_name: 'holder',
    });
    watcher = new pg.Client({
      connectionString: app.clinicalDatabase.url,
      application_name: 'watcher',
    });
    await holder.connect();
    await watcher.connect();
    await app.put('/fhir/Patient/p1', PATIENT);
    await app.put('/fhir/TokenIntrospector/load', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: SECRET },
    });
    await app.put('/fhir/User/u1', { userName: 'u1' });
    await app.put('/fhir/AccessPolicy/u1-reads', {
      engine: 'matcho',
      matcho: { user: { id: 'u1' }, operation: { id: 'FhirRead' } },
    });
    token = signJwt(secretKey(SECRET), { ...accessClaims(ISSUER), sub: 'u1' });
  });
  afterEach(giveBack);
  afterAll(async () => {
    await holder.end();
    await watcher.end();
    await app.stop();
  });

  it('are decided and answered while more searches wait than there are connections', async () => {
    await lockTokens();
    const searches = Array.from({ length: 3 * POOL }, () => search());
    await waitingFor('wardgate searches', SEARCHES_AT_ONCE);

    const read = await app.call('GET', '/fhir/Patient/p1', { token });
    const denied = await app.call('DELETE', '/fhir/Patient/p1', { token });
    await app.put('/fhir/AccessPolicy/u1-history', {
      engine: 'matcho',
      matcho: { user: { id: 'u1' }, operation: { id: 'FhirVread' } },
    });
    const governed = await app.call('GET', '/fhir/Patient/p1/_history/1', { token });
    const ready = await app.call('GET', '/health/ready');
    const stillWaiting = await waiting('wardgate searches');
    await giveBack();

    expect([read, denied, governed, ready].map(({ status }) => status)).toEqual([
      200, 403, 200, 200,
    ]);
    expect(stillWaiting).toBe(SEARCHES_AT_ONCE);
    const replies = await Promise.all(searches);
    expect(replies.map(({ json }) => json?.['total'])).toEqual(replies.map(() => 1));
  });

  it('are answered while many writes of one resource wait for each other', async () => {
    await lockResource('Patient/contested');
    const updates = Array.from({ length: 3 * POOL }, () =>
      app.call('PUT', '/fhir/Patient/contested', {
        asRoot: true,
        body: { ...PATIENT, id: 'contested' },
      }),
    );
    await waitingFor('wardgate', WRITES_AT_ONCE);

    const read = await app.call('GET', '/fhir/Patient/p1', { token });
    const stillWaiting = await waiting('wardgate');
    await giveBack();

    expect(read.status).toBe(200);
    expect(stillWaiting).toBe(WRITES_AT_ONCE);
    const written = (await Promise.all(updates)).map(versionOf);
    expect(written.sort((a, b) => a - b)).toEqual(updates.map((_, at) => at + 1));
  });

  it('stops a search that takes too long, on its own and in a batch, and no other', async () => {
    await lockTokens();
    const [alone, batch] = await Promise.all([
      search(),
      sendBundle(app, 'batch', [asks('GET', 'Patient?active=true')]),
    ]);
    const other = await search('/fhir/Patient?_id=p1');
    await giveBack();

    expect(alone.status).toBe(503);
    expect(alone.json).toMatchObject({ issue: [{ code: 'too-costly' }] });
    expect(alone.headers.has('retry-after')).toBe(false);
    expect(statusesOf(batch)).toEqual(['503']);
    expect(other.json).toMatchObject({ total: 1 });
    expect((await search()).json).toMatchObject({ total: 2 });
  });

  it('begins no entry of a batch when its time is over, and undoes a transaction', async () => {
    const ids = (prefix: string) => [`${prefix}-early`, 'held', `${prefix}-late`];
    const bundle = (type: 'batch' | 'transaction', prefix: string) =>
      sendBundle(
        app,
        type,
        ids(prefix).map((id) => writes('PUT', `Patient/${id}`, { ...PATIENT, id })),
      );
    const late = async (type: 'batch' | 'transaction') => {
      await lockResource('Patient/held');
      const answer = bundle(type, type);
      await waitingFor('wardgate', 1);
      await delay(BUNDLE_TIMEOUT_MS + 100);
      await giveBack();
      return answer;
    };

    const batch = await late('batch');
    const transaction = await late('transaction');
    expect(statusesOf(batch)).toEqual(['201', '503', '503']);
    expect(transaction.status).toBe(503);
    expect(transaction.json).toMatchObject({ issue: [{ code: 'too-costly' }] });
    const sent = [...ids('batch'), ...ids('transaction')].join();
    expect(await idsFound(app, `/fhir/Patient?_id=${sent}`)).toEqual(['batch-early']);
    expect(statusesOf(await bundle('transaction', 'timely'))).toEqual(['201', '201', '201']);
  });
});

function versionOf({ headers }: Reply): number {
  return Number(/^W\/"(\d+)"$/.exec(headers.get('etag') ?? '')?.[1]);
}
