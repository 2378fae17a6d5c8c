import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const WITHOUT_CONSENT = {
  engine: 'sql',
  sql: { query: 'SELECT NOT EXISTS (SELECT 1 FROM consent)' },
};

let upstream: FakeUpstream;
let database: TestDatabase;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.answerJson({ resourceType: 'Patient', id: 'p1' });
});

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

afterAll(() => upstream.stop());

function startGateway(): Promise<TestApp> {
  return startTestApp({ FHIR_UPSTREAM_URL: upstream.url }, database);
}

describe('policies with SQL, while clinical resources are elsewhere', () => {
  it('are refused where they ask for clinical resources, and told why', async () => {
    const gateway = await startGateway();

    const refused = await gateway.call('PUT', '/fhir/AccessPolicy/sql', {
      asRoot: true,
      body: WITHOUT_CONSENT,
    });
    const taken = await gateway.call('PUT', '/fhir/AccessPolicy/users', {
      asRoot: true,
      body: { engine: 'sql', sql: { query: 'SELECT EXISTS (SELECT 1 FROM "user")' } },
    });

    expect(refused.status).toBe(422);
    expect(refused.text).toContain('there is no relation consent: clinical resources are in');
    expect(taken.status).toBe(201);
    await gateway.stop();
  });

  it('that were stored before count as false, rather than find nothing', async () => {
    const store = await startTestApp({}, database);
    await store.put('/fhir/AccessPolicy/sql', WITHOUT_CONSENT);
    expect((await store.call('GET', '/fhir/Patient/p1')).status).toBe(404);
    await store.stop();

    const gateway = await startGateway();

    expect((await gateway.call('GET', '/fhir/Patient/p1')).status).toBe(401);
    expect((await gateway.call('GET', '/fhir/Patient/p1', { asRoot: true })).status).toBe(200);
    await gateway.stop();
  });
});
