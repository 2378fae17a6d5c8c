import { startTestApp, type TestApp } from '../support/test-app.js';

let store: TestApp;
let gateway: TestApp;

beforeAll(async () => {
  store = await startTestApp();
  gateway = await startTestApp({ FHIR_UPSTREAM_URL: `${store.baseUrl}/fhir` });
});

afterAll(async () => {
  await gateway.stop();
  await store.stop();
});

describe('a resource of the upstream', () => {
  it('is read through the gateway', async () => {
    await store.put('/fhir/AccessPolicy/open', { engine: 'allow' });
    await store.put('/fhir/Patient/p1', { resourceType: 'Patient', id: 'p1', active: true });

    const read = await gateway.call('GET', '/fhir/Patient/p1', { asRoot: true });

    expect(read.json).toMatchObject({ resourceType: 'Patient', id: 'p1', active: true });
    expect(read.headers.get('etag')).toBe('W/"1"');
  });
});
