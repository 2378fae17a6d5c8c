import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const URL = 'http://x.example/StructureDefinition/named';
const USER_URL = 'http://x.example/StructureDefinition/user';

const profile = (id: string, url: string, type: string, path: string) => ({
  resourceType: 'StructureDefinition',
  id,
  url,
  name: 'Named',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type,
  baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
  derivation: 'constraint',
  differential: { element: [{ id: path, path, min: 1 }] },
});
const NAMED = profile('named', URL, 'Patient', 'Patient.name');
const PATIENT = { resourceType: 'Patient', meta: { profile: [URL] } };
const VALID = { ...PATIENT, name: [{ family: 'x' }] };

const issuesOf = ({ json }: Reply) =>
  (json?.['issue'] as { severity: string; code: string; expression?: string[] }[]).map(
    ({ severity, code, expression }) => [severity, code, expression?.[0]].join(' ').trim(),
  );

describe('profiles', () => {
  let app: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ WARDGATE_REQUIRED_PROFILES: `User=${USER_URL}` });
    other = await startTestApp({}, app.database);
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const root = (method: string, path: string, body?: unknown, headers = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, headers, ...(body === undefined ? {} : { body }) });

  describe('that are stored', () => {
    beforeAll(async () => {
      await app.put('/fhir/StructureDefinition/named', NAMED);
    });

    it.each([
      ['POST', '/fhir/Patient', {}, 201],
      ['PUT', '/fhir/Patient/put', { id: 'put' }, 201],
    ])('guard %s %s', async (method, path, more, status) => {
      const refused = await root(method, path, { ...PATIENT, ...more });
      const accepted = await root(method, path, { ...VALID, ...more });

      expect(refused.status).toBe(422);
      expect(issuesOf(refused)).toContain('error required Patient.name');
      expect(accepted.status).toBe(status);
    });

    it('guard the result of a patch', async () => {
      await app.put('/fhir/Patient/patched', { ...VALID, id: 'patched' });
      const type = { 'content-type': 'application/merge-patch+json' };
      const refused = await root('PATCH', '/fhir/Patient/patched', { name: null }, type);
      const accepted = await root('PATCH', '/fhir/Patient/patched', { gender: 'male' }, type);

      expect([refused.status, accepted.status]).toEqual([422, 200]);
    });

    it('guard the entries of Bundles', async () => {
      const entry = [VALID, PATIENT].map((resource) => ({
        resource,
        request: { method: 'POST', url: 'Patient' },
      }));
      const send = (type: string) => root('POST', '/fhir', { resourceType: 'Bundle', type, entry });
      const batch = await send('batch');

      expect(batch.json).toMatchObject({
        entry: [
          { response: { status: expect.stringContaining('201') } },
          { response: { status: expect.stringContaining('422') } },
        ],
      });
      expect((await send('transaction')).status).toBe(422);
    });

    it('are asked for by $validate', async () => {
      const path = `/fhir/Patient/$validate?profile=${encodeURIComponent(URL)}`;

      expect(issuesOf(await root('POST', path, { resourceType: 'Patient' }))).toEqual([
        'warning invariant Patient',
        'error required Patient.name',
      ]);
    });

    it('leave alone what does not claim them', async () => {
      expect((await root('POST', '/fhir/Patient', { resourceType: 'Patient' })).status).toBe(201);
    });
  });

  it('hold in the transaction that stores them, and nowhere if it fails', async () => {
    const url = 'http://x.example/StructureDefinition/together';
    const put = (resource: { resourceType: string; id: string }) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    });
    const patient = { resourceType: 'Patient', id: 'together', meta: { profile: [url] } };
    const definition = profile('together', url, 'Patient', 'Patient.name');
    const together = (resource: { resourceType: string; id: string }) =>
      root('POST', '/fhir', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [put(definition), put(resource)],
      });

    expect((await together(patient)).status).toBe(422);
    expect((await root('PUT', '/fhir/Patient/together', patient)).status).toBe(201);
    expect((await together({ ...patient, ...{ name: [{ family: 'x' }] } })).status).toBe(200);
  });

  it('govern the very next write here, and on other instances within a second', async () => {
    const url = 'http://x.example/StructureDefinition/changing';
    const patient = { resourceType: 'Patient', meta: { profile: [url] } };
    const write = async (instance: TestApp) =>
      (await instance.call('POST', '/fhir/Patient', { asRoot: true, body: patient })).status;
    const eventually = async (status: number) => {
      for (let at = 0; at < 100 && (await write(other)) !== status; at += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return write(other);
    };

    expect([await write(app), await write(other)]).toEqual([201, 201]);
    await app.put(
      '/fhir/StructureDefinition/changing',
      profile('changing', url, 'Patient', 'Patient.name'),
    );
    expect([await write(app), await eventually(422)]).toEqual([422, 422]);
    await root('DELETE', '/fhir/StructureDefinition/changing');
    expect([await write(app), await eventually(201)]).toEqual([201, 201]);
  });

  it('require what a value set that is stored has, as soon as it is', async () => {
    const url = 'http://x.example/StructureDefinition/bound';
    const bound = profile('bound', url, 'Patient', 'Patient.maritalStatus');
    const valueSet = 'http://x.example/ValueSet/v';
    await app.put('/fhir/StructureDefinition/bound', {
      ...bound,
      differential: {
        element: [
          {
            id: 'Patient.maritalStatus',
            path: 'Patient.maritalStatus',
            binding: { strength: 'required', valueSet },
          },
        ],
      },
    });
    const patient = (code: string) => ({
      resourceType: 'Patient',
      meta: { profile: [url] },
      maritalStatus: { coding: [{ system: 'urn:s', code }] },
    });
    const told = { prefer: 'return=OperationOutcome' };
    const unknown = await root('POST', '/fhir/Patient', patient('z'), told);
    await app.put('/fhir/ValueSet/v', {
      resourceType: 'ValueSet',
      id: 'v',
      url: valueSet,
      status: 'active',
      compose: { include: [{ system: 'urn:s', concept: [{ code: 'a' }] }] },
    });
    const refused = await root('POST', '/fhir/Patient', patient('z'), told);
    const accepted = await root('POST', '/fhir/Patient', patient('a'), told);

    expect(issuesOf(unknown)).toEqual([
      'information informational',
      'warning invariant Patient',
      'warning not-supported Patient.maritalStatus',
    ]);
    expect(issuesOf(refused)).toContain('error code-invalid Patient.maritalStatus');
    expect(issuesOf(accepted)).toEqual(['information informational', 'warning invariant Patient']);
  });

  it('are required of system resources by a setting', async () => {
    const user = { resourceType: 'User', email: 'u@x.example' };
    const before = await root('POST', '/User', user);
    await app.put(
      '/fhir/StructureDefinition/user',
      profile('user', USER_URL, 'User', 'User.data.ward'),
    );
    // What is not in `data` has no ward there; without `data` there is nothing that must have one.
    const refused = await root('POST', '/User', { ...user, data: { floor: 1 } });
    const accepted = await root('POST', '/User', { ...user, data: { ward: 'w' } });

    expect([before.status, issuesOf(before)]).toEqual([422, ['error not-supported User']]);
    expect([refused.status, issuesOf(refused)]).toEqual([422, ['error required User.data.ward']]);
    expect(accepted.status).toBe(201);
  });

  it('are refused when they are used, where nothing can be validated by them', async () => {
    const url = 'http://x.example/StructureDefinition/stu3';
    const stu3 = { ...profile('stu3', url, 'Patient', 'Patient.name'), fhirVersion: '3.0.1' };
    await app.put('/fhir/StructureDefinition/stu3', stu3);
    const patient = { resourceType: 'Patient', name: [{ family: 'x' }], meta: { profile: [url] } };
    const refused = await root('POST', '/fhir/Patient', patient);

    expect(refused.status).toBe(422);
    expect(issuesOf(refused)).toContain('error not-supported Patient.meta.profile[0]');
  });
});
