import { asks, sendBundle, statusesOf } from '../support/bundle-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the answer to a Bundle', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    const div = `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(15_000_000)}</div>`;
    await app.put('/fhir/Patient/large', {
      ...{ resourceType: 'Patient', id: 'large' },
      text: { status: 'generated', div },
    });
    await app.put('/fhir/Patient/small', { resourceType: 'Patient', id: 'small' });
  });
  afterAll(async () => {
    await app.stop();
  });

  const reads = (times: number) =>
    Array.from({ length: times }, () => asks('GET', 'Patient/large'));

  it('is bounded, however often a large resource is asked for', async () => {
    const patch = {
      resource: {
        resourceType: 'Binary',
        contentType: 'application/merge-patch+json',
        data: Buffer.from('{"active":true}').toString('base64'),
      },
      request: { method: 'PATCH', url: 'Patient/large' },
    };

    const fits = await sendBundle(app, 'transaction', reads(4));
    const transaction = await sendBundle(app, 'transaction', [patch, ...reads(4)]);
    const batch = await sendBundle(app, 'batch', [
      ...[...reads(4), patch, asks('GET', 'Patient/small')],
    ]);
    const patient = await app.call('GET', '/fhir/Patient/large', { asRoot: true });

    expect(statusesOf(fits)).toEqual(['200', '200', '200', '200']);
    expect(transaction.status).toBe(413);
    expect(statusesOf(batch)).toEqual(['200', '200', '200', '200', '413', '413']);
    expect(patient.headers.get('etag')).toBe('W/"1"');
  }, 60_000);
});
