import { addClient, asks, callAs, sendBundle, writes } from '../support/bundle-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const observation = (reference: string) => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  subject: { reference },
});

/** `https://here/fhir/Patient/p1` and `Patient/p1` are one resource, to policies as to the store. */
describe('a reference by the whole address of a resource here', () => {
  let app: TestApp;
  let whole: string;

  const ask = (method: string, path: string, body: unknown, headers = {}) =>
    callAs(app, 'writer', method, path, { body, headers });

  beforeAll(async () => {
    app = await startTestApp();
    whole = `${app.baseUrl}/fhir/Patient`;
    for (const id of ['p1', 'secret']) {
      await app.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id });
    }
    await app.put('/fhir/Observation/o1', { ...observation('Patient/p1'), id: 'o1' });
    const elsewhere = { subject: { reference: { $not: 'Patient/secret' } } };
    await addClient(app, 'writer', [
      { operation: { id: { $enum: ['FhirTransaction', 'FhirRead'] } } },
      { operation: { id: { $enum: ['FhirCreate', 'FhirUpdate'] } }, body: elsewhere },
      { operation: { id: 'FhirPatch' }, body: elsewhere },
    ]);
  });
  afterAll(async () => {
    await app.stop();
  });

  it('is no way around a policy that excepts the resource', async () => {
    const [shown, hidden] = ['p1', 'secret'].map((id) => observation(`${whole}/${id}`));
    const put = (body: object) => ask('PUT', '/fhir/Observation/o1', { ...body, id: 'o1' });
    const patch = (body: object) =>
      ask('PATCH', '/fhir/Observation/o1', body, {
        'content-type': 'application/merge-patch+json',
      });

    for (const send of [put, patch, (body: object) => ask('POST', '/fhir/Observation', body)]) {
      expect((await send(hidden ?? {})).status).toBe(403);
      expect((await send(shown ?? {})).status).toBeLessThan(300);
    }
    const { json } = await app.call('GET', '/fhir/Observation/o1', { asRoot: true });
    expect(json?.['subject']).toEqual({ reference: 'Patient/p1' });
  });

  it('is none in a transaction, by the fullUrl of what is only read either', async () => {
    const bundle = (id: string) =>
      sendBundle(
        app,
        'transaction',
        [
          { ...asks('GET', `Patient/${id}`), fullUrl: `${whole}/${id}` },
          writes('POST', 'Observation', observation(`${whole}/${id}`)),
        ],
        'writer',
      );

    expect((await bundle('secret')).status).toBe(403);
    expect((await bundle('p1')).status).toBe(200);
  });

  it('is none in a patch in a Bundle', async () => {
    const patch = (id: string) => {
      const merge = JSON.stringify({ subject: { reference: `${whole}/${id}` } });
      return sendBundle(
        app,
        'transaction',
        [
          writes('PATCH', 'Observation/o1', {
            ...{ resourceType: 'Binary', contentType: 'application/merge-patch+json' },
            data: Buffer.from(merge).toString('base64'),
          }),
        ],
        'writer',
      );
    };

    expect((await patch('secret')).status).toBe(403);
    expect((await patch('p1')).status).toBe(200);
  });

  it('stays as it is in a policy', async () => {
    const matcho = { body: { reference: `${whole}/p1` } };
    const sent = writes('PUT', 'AccessPolicy/by-address', {
      ...{ resourceType: 'AccessPolicy', id: 'by-address', engine: 'matcho', matcho },
    });

    expect((await sendBundle(app, 'batch', [sent])).status).toBe(200);
    const { json } = await app.call('GET', '/fhir/AccessPolicy/by-address', { asRoot: true });
    expect(json?.['matcho']).toEqual(matcho);
  });
});
