import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const TEXT = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">P</div>' };
const PATIENT = { resourceType: 'Patient', text: TEXT, gender: 'male' };
const INVALID = { resourceType: 'Patient', gender: 'M' };

describe('validation', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, body?: unknown, headers = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, headers, ...(body === undefined ? {} : { body }) });
  const issuesOf = ({ json }: Reply) =>
    (json?.['issue'] as { severity: string; code: string; expression?: string[] }[]).map(
      ({ severity, code, expression }) => [severity, code, expression?.[0]].join(' ').trim(),
    );

  describe('of writes', () => {
    it.each([
      ['POST', '/fhir/Patient', PATIENT, 201, INVALID],
      ['PUT', '/fhir/Patient/put', { ...PATIENT, id: 'put' }, 201, { ...INVALID, id: 'put' }],
    ])('guards %s %s', async (method, path, valid, status, invalid) => {
      const accepted = await root(method, path, valid);
      const refused = await root(method, path, invalid);

      expect(accepted.status).toBe(status);
      expect(refused.status).toBe(422);
      expect(issuesOf(refused)).toEqual(['error code-invalid Patient.gender']);
    });

    it('guards the result of a patch, and leaves what was there', async () => {
      await root('PUT', '/fhir/Patient/patched', { ...PATIENT, id: 'patched' });
      const type = { 'content-type': 'application/merge-patch+json' };
      const refused = await root('PATCH', '/fhir/Patient/patched', { gender: 'M' }, type);
      const accepted = await root('PATCH', '/fhir/Patient/patched', { gender: 'female' }, type);

      expect(refused.status).toBe(422);
      expect(accepted.status).toBe(200);
      expect(accepted.headers.get('etag')).toBe('W/"2"');
    });

    it('guards the entries of Bundles, each on its own or all together', async () => {
      const entry = [PATIENT, INVALID].map((resource) => ({
        resource,
        request: { method: 'POST', url: 'Patient' },
      }));
      const send = (type: string) => root('POST', '/fhir', { resourceType: 'Bundle', type, entry });

      const batch = await send('batch');
      const transaction = await send('transaction');

      expect(batch.json).toMatchObject({
        entry: [
          { response: { status: expect.stringContaining('201') } },
          { response: { status: expect.stringContaining('422') } },
        ],
      });
      expect(transaction.status).toBe(422);
      expect(issuesOf(transaction)).toEqual(['error code-invalid Bundle.entry[1]']);
    });
  });

  describe('$validate', () => {
    it.each([
      ['a valid resource', PATIENT, ['information informational']],
      ['an invalid one', INVALID, ['error code-invalid Patient.gender']],
      ['another type', { resourceType: 'Group' }, ['error value resourceType']],
      ['an empty element', { ...PATIENT, name: [] }, ['error structure Patient.name']],
      ['a resource without narrative', { resourceType: 'Patient' }, ['warning invariant Patient']],
      [
        'a profile that is not known',
        { ...PATIENT, meta: { profile: ['http://x.example/p'] } },
        ['warning not-supported Patient.meta.profile[0]'],
      ],
      [
        'the definition of the type as a profile',
        { ...PATIENT, meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Patient'] } },
        ['information informational'],
      ],
    ])('answers 200 about %s', async (_what, resource, issues) => {
      const plain = await root('POST', '/fhir/Patient/$validate', resource);
      const wrapped = await root('POST', '/fhir/Patient/$validate', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'mode', valueCode: 'create' },
          { name: 'resource', resource },
        ],
      });

      expect([plain.status, wrapped.status]).toEqual([200, 200]);
      expect([issuesOf(plain), issuesOf(wrapped)]).toEqual([issues, issues]);
    });

    it('stores nothing', async () => {
      await root('POST', '/fhir/Patient/unwritten/$validate', { ...PATIENT, id: 'unwritten' });

      expect((await root('GET', '/fhir/Patient/unwritten')).status).toBe(404);
    });

    it('compares the id with that of the route', async () => {
      const reply = await root('POST', '/fhir/Patient/a/$validate', { ...PATIENT, id: 'b' });

      expect(issuesOf(reply)).toEqual(['error value Patient.id']);
    });

    it('wants an id for an update', async () => {
      const reply = await root('POST', '/fhir/Patient/$validate?mode=update', PATIENT);

      expect(issuesOf(reply)).toEqual(['error required Patient.id']);
    });

    it('calls nothing valid by a profile that it does not know', async () => {
      const path = '/fhir/Patient/$validate?profile=';
      const own = encodeURIComponent('http://hl7.org/fhir/StructureDefinition/Patient');

      expect(issuesOf(await root('POST', `${path}urn:x`, PATIENT))).toEqual([
        'error not-supported Patient',
      ]);
      expect(issuesOf(await root('POST', path + own, PATIENT))).toEqual([
        'information informational',
      ]);
    });

    it('validates Parameters, with and without Parameters around them', async () => {
      const resource = { resourceType: 'Parameters', parameter: [{ name: 'a', valueCode: 'b' }] };
      const wrapped = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] };

      for (const body of [resource, wrapped]) {
        const reply = await root('POST', '/fhir/Parameters/$validate', body);
        expect(issuesOf(reply)).toEqual(['information informational']);
      }
    });

    it.each([
      ['no body', '', undefined],
      ['mode=delete', '?mode=delete', PATIENT],
      ['two modes', '?mode=create&mode=update', PATIENT],
      ['another parameter', '?_elements=id', PATIENT],
      ['Parameters without a resource', '', { resourceType: 'Parameters', parameter: [] }],
    ])('answers 400 to %s', async (_what, query, body) => {
      expect((await root('POST', `/fhir/Patient/$validate${query}`, body)).status).toBe(400);
    });

    it.each(['User', 'Thing'])('answers 404 for %s', async (type) => {
      expect((await root('POST', `/fhir/${type}/$validate`, PATIENT)).status).toBe(404);
    });

    it('needs a policy of its own', async () => {
      const reply = await app.call('POST', '/fhir/Patient/$validate', { body: PATIENT });

      expect(reply.status).toBe(401);
    });
  });

  it('is named by the CapabilityStatement, which is valid itself', async () => {
    const statement = (await root('GET', '/fhir/metadata')).json;
    const reply = await root('POST', '/fhir/CapabilityStatement/$validate', statement);

    expect(issuesOf(reply).filter((issue) => issue.startsWith('error'))).toEqual([]);
    expect(statement).toMatchObject({
      rest: [
        {
          resource: expect.arrayContaining([
            expect.objectContaining({
              type: 'Patient',
              operation: expect.arrayContaining([
                {
                  name: 'validate',
                  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
                },
              ]),
            }),
          ]),
        },
      ],
    });
  });
});
