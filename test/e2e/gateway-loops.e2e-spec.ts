import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let upstream: FakeUpstream;
let back: RecordingProxy;
let first: TestApp;
let second: TestApp;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.answerJson({ resourceType: 'Patient', id: 'p1' });
  back = await startRecordingProxy();
  second = await startTestApp({ FHIR_UPSTREAM_URL: `${back.url}/fhir` });
  first = await startTestApp({ FHIR_UPSTREAM_URL: `${second.baseUrl}/fhir` });
  for (const app of [first, second]) {
    await app.put('/fhir/AccessPolicy/anybody', { engine: 'allow' });
  }
});

afterAll(async () => {
  await first.stop();
  await second.stop();
  await back.close();
  await upstream.stop();
});

describe('a FHIR server that leads back to the gateway', () => {
  it.each([
    ['itself', () => second, ['GET /fhir/Patient/p1']],
    ['through another gateway', () => first, ['GET /fhir/Patient/p1']],
  ])('is noticed when the request comes back: %s', async (_name, entrance, passed) => {
    back.handTo(entrance().baseUrl);
    back.lines();

    expect((await entrance().call('GET', '/fhir/Patient/p1')).status).toBe(502);
    expect(back.lines()).toEqual(passed);
  });

  it('is none where one gateway follows another', async () => {
    back.handTo(new URL(upstream.url).origin);

    const reply = await first.call('GET', '/fhir/Patient/p1', { headers: { via: '1.1 client' } });

    expect(reply.status).toBe(200);
    expect(upstream.calls[0]?.headers['via']).toMatch(
      /^(1\.1 wardgate-[\da-f]{16}), (?!\1)1\.1 wardgate-[\da-f]{16}$/,
    );
  });
});
