import { jest } from '@jest/globals';
import { DenialStore } from '../../src/access/tracing/denial-store.js';
import { openProxy, type PausableProxy } from '../support/pausable-proxy.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

jest.setTimeout(90_000);

const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };

let database: TestDatabase;
let proxy: PausableProxy;
let app: TestApp;
let other: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(database.url);
  app = await startTestApp({}, { ...database, url: proxy.url });
  other = await startTestApp({}, database);
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
});
afterAll(async () => {
  await app.stop();
  await other.stop();
  await proxy.stop();
  await database.drop();
});

const denied = (): Promise<Reply> => app.call('GET', '/fhir/Patient/p1', { headers: AS_TRIAL });
const explained = (reply: Reply, by: TestApp): Promise<Reply> =>
  by.call('GET', `/$decision/${reply.headers.get('x-request-id') ?? ''}`, { asRoot: true });
const flush = (): Promise<void> => app.nest.get(DenialStore, { strict: false }).flush();

async function lost(): Promise<number> {
  const { text } = await app.call('GET', '/metrics', { asRoot: true });
  return Number(/^wardgate_denials_not_stored_total (\d+)$/m.exec(text)?.[1]);
}

describe('while the database is down', () => {
  it('requests are decided, their denials counted as lost, and those that follow are stored', async () => {
    await until(403, denied);
    await flush();
    const before = await lost();

    proxy.cut();
    const during = await denied();
    await flush();
    expect(during.status).toBe(403);
    proxy.resume();
    const after = await until(403, denied);
    await until(200, () => app.call('GET', '/health/ready'));
    await flush();
    const last = await denied();
    await flush();

    expect((await explained(during, app)).json).toMatchObject({ source: 'memory', total: 1 });
    expect((await explained(during, other)).status).toBe(404);
    expect(await lost()).toBeGreaterThan(before);
    expect(after.status).toBe(403);
    expect((await explained(last, other)).json).toMatchObject({
      source: 'store',
      decisions: [{ decision: 'deny', client: 'Client/trial' }],
    });
  });
});
