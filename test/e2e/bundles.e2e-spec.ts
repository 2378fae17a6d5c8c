import { asks, entriesOf, sendBundle, statusesOf, writes } from '../support/bundle-calls.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const PATIENT = { resourceType: 'Patient' };
const URN = 'urn:uuid:0b0a0c0d-0000-4000-8000-000000000001';
const observationOf = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: subject },
  ...more,
});

describe('Bundles', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, body?: unknown): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...(body === undefined ? {} : { body }) });
  const batch = (entry: Parameters<typeof sendBundle>[2]) => sendBundle(app, 'batch', entry);

  it.each([
    ['another resource', PATIENT, 400],
    ['a Bundle of another type', { resourceType: 'Bundle', type: 'collection' }, 422],
    ['a Bundle without a type', { resourceType: 'Bundle' }, 422],
    ['entries that are no array', { resourceType: 'Bundle', type: 'batch', entry: {} }, 400],
    ['no entries', { resourceType: 'Bundle', type: 'batch' }, 200],
  ])('answer %s', async (_what, body, status) => {
    expect((await root('POST', '/fhir', body)).status).toBe(status);
  });

  it('have at most 10,000 entries', async () => {
    const entry = Array.from({ length: 10_001 }, () => null);

    const reply = await root('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });

    expect(reply.status).toBe(400);
    expect(reply.text).toContain('at most 10000');
  });

  it('have at most 10,000 different conditional references', async () => {
    const refersTo = (links: number, to: (at: number) => string) =>
      batch([
        writes('POST', 'Patient', {
          ...PATIENT,
          generalPractitioner: Array.from({ length: links }, (_, at) => ({ reference: to(at) })),
        }),
      ]);

    const many = await refersTo(10_001, (at) => `Practitioner?_id=x${at}`);
    const one = await refersTo(10_001, () => 'Practitioner?_id=x');

    expect(many.status).toBe(400);
    expect(many.text).toContain('at most 10000');
    expect(statusesOf(one)).toEqual(['412']);
  });

  it('are among the capabilities', async () => {
    const { json } = await app.call('GET', '/fhir/metadata');

    expect(json).toMatchObject({
      rest: [
        {
          interaction: [
            { code: 'transaction' },
            { code: 'batch' },
            { code: 'search-system' },
            { code: 'history-system' },
          ],
        },
      ],
    });
  });

  describe('of type batch', () => {
    it('go on after a failure and answer in order', async () => {
      const reply = await batch([
        writes('PUT', 'Patient/b1', { ...PATIENT, id: 'b1' }),
        writes('POST', 'Patient', { ...PATIENT, name: [] }),
        asks('GET', 'Patient/b1'),
        asks('GET', 'Nothing/b1'),
        asks('GET', 'Patient?unknown=1'),
        asks('DELETE', 'Patient/b1'),
        asks('GET', 'Patient/b1'),
        asks('GET', 'Patient/b1/_history/1'),
      ]);

      expect(statusesOf(reply)).toEqual([
        ...['201', '422', '200', '404', '400', '200', '410', '200'],
      ]);
      expect(entriesOf(reply)[1]?.response.outcome?.issue[0]?.expression).toEqual(['Patient.name']);
    });

    it('leave references between their entries alone', async () => {
      const reply = await batch([
        { fullUrl: URN, resource: PATIENT, request: { method: 'POST', url: 'Patient' } },
        writes('POST', 'Observation', observationOf(URN)),
      ]);

      expect(entriesOf(reply)[1]?.resource).toMatchObject({ subject: { reference: URN } });
    });

    it('answer as Prefer says', async () => {
      const post = (prefer: string) =>
        app.call('POST', '/fhir', {
          asRoot: true,
          headers: { prefer },
          body: {
            resourceType: 'Bundle',
            type: 'batch',
            entry: [writes('POST', 'Patient', PATIENT)],
          },
        });

      const minimal = entriesOf(await post('return=minimal'))[0];
      expect(minimal).not.toHaveProperty('resource');
      expect(minimal?.response).not.toHaveProperty('outcome');
      const outcome = entriesOf(await post('return=OperationOutcome'))[0];
      expect(outcome).not.toHaveProperty('resource');
      expect(outcome?.response.outcome).toMatchObject({ resourceType: 'OperationOutcome' });
    });
  });
});
