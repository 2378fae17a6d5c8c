import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { openProxy, type PausableProxy } from '../support/pausable-proxy.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

jest.setTimeout(90_000);

let database: TestDatabase;
let proxy: PausableProxy;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(database.url);
  app = await startTestApp({}, { ...database, url: proxy.url });
  await app.put('/fhir/Basic/b1', { resourceType: 'Basic', id: 'b1', code: { text: 'x' } });
});
afterEach(async () => {
  proxy.resume();
  await until(200, ready);
});
afterAll(async () => {
  await app.stop();
  await proxy.stop();
  await database.drop();
});

const ready = (): Promise<Reply> => app.call('GET', '/health/ready');
const read = (): Promise<Reply> => app.call('GET', '/fhir/Basic/b1', { asRoot: true });

async function until(status: number, ask: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await ask();
    if (reply.status === status) return reply;
    await delay(50);
  }
}

describe('while the database is down', () => {
  it('reads and writes answer 503, not 500, and work again afterwards', async () => {
    proxy.cut();

    const answers = [
      await read(),
      await app.call('GET', '/fhir/Basic', { asRoot: true }),
      await app.call('PUT', '/fhir/Basic/b1', {
        asRoot: true,
        body: { resourceType: 'Basic', id: 'b1', code: { text: 'y' } },
      }),
      await app.call('DELETE', '/fhir/Role/r1', { asRoot: true }),
    ];

    for (const { status, headers, json } of answers) {
      expect({ status, retry: headers.get('retry-after'), json }).toMatchObject({
        status: 503,
        retry: '5',
        json: { resourceType: 'OperationOutcome', issue: [{ code: 'transient' }] },
      });
    }
    proxy.resume();
    expect((await until(200, read)).json).toMatchObject({ code: { text: 'x' } });
  });

  it('the process counts as live and not as ready', async () => {
    proxy.cut();

    expect((await app.call('GET', '/health/live')).status).toBe(200);
    expect((await ready()).status).toBe(503);
    proxy.resume();
    await until(200, ready);
  });
});

describe('while the database answers nothing', () => {
  it('decides for a while on what it knows, then refuses, and recovers by itself', async () => {
    proxy.pause();
    const denied = (): Promise<Reply> =>
      app.call('GET', '/fhir/Basic/b1', { headers: { 'x-probe': 'anonymous' } });

    expect((await denied()).status).toBe(401);
    const stale = await until(503, denied);

    expect(stale.json).toMatchObject({
      issue: [{ code: 'transient', diagnostics: expect.stringContaining('cannot be decided') }],
    });
    expect((await ready()).status).toBe(503);
    expect((await app.call('GET', '/health/live')).status).toBe(200);

    proxy.resume();
    await until(401, denied);
    expect((await read()).status).toBe(200);
  });

  it('gives up on connections that stay silent, and opens others', async () => {
    // As when the server was replaced by another and no packet tells the connections of the old one.
    proxy.abandon();

    expect((await until(503, ready)).status).toBe(503);
    expect((await until(200, ready)).status).toBe(200);
    expect((await read()).status).toBe(200);
  });
});
