import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const observation = (id: string, reference: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
});
const patient = (id: string) => ({ resourceType: 'Patient', id, active: true });

const issuesOf = ({ json }: Reply) =>
  (json?.['issue'] as { code: string; diagnostics: string; expression?: string[] }[]).map(
    ({ code, diagnostics, expression }) => ({ code, diagnostics, at: expression?.[0] }),
  );

describe('referential integrity', () => {
  let app: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    const env = { WARDGATE_REFERENTIAL_INTEGRITY: 'true' };
    app = await startTestApp(env);
    other = await startTestApp(env, app.database);
    await app.put('/fhir/Patient/there', patient('there'));
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const root = (method: string, path: string, body?: unknown): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...(body === undefined ? {} : { body }) });
  const put = (resource: { resourceType: string; id: string }) =>
    root('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  const transaction = (...entry: unknown[]) =>
    root('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  const putEntry = (resource: { resourceType: string; id: string }) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  });
  const deleteEntry = (url: string) => ({ request: { method: 'DELETE', url } });

  it('refuses what refers to nothing, and stores nothing of it', async () => {
    const refused = await put(observation('dangling', 'Patient/nobody'));
    const accepted = await put(observation('bound', 'Patient/there'));

    expect(refused.status).toBe(422);
    expect(issuesOf(refused)).toEqual([
      {
        code: 'not-found',
        diagnostics:
          'Observation/dangling: Observation.subject.reference leads to Patient/nobody, which is not here',
        at: 'Observation.subject.reference',
      },
    ]);
    expect((await root('GET', '/fhir/Observation/dangling')).status).toBe(404);
    expect(accepted.status).toBe(201);
  });

  it.each([
    ['to a deleted resource', { reference: 'Patient/gone' }, 422],
    ['by the whole URL of this server', { reference: '{base}/fhir/Patient/nobody' }, 422],
    ['to a system resource, there or not', { reference: 'User/nobody' }, 201],
    ['to a system resource', { reference: 'User/admin' }, 201],
    ['to a version of a resource that is there', { reference: 'Patient/there/_history/1' }, 201],
    ['to another server', { reference: 'https://x.example/fhir/Patient/1' }, 201],
    ['that only means somebody', { display: 'somebody' }, 201],
  ])('answers references %s', async (what, focus, status) => {
    await put(patient('gone'));
    await root('DELETE', '/fhir/Patient/gone');
    const text = JSON.stringify(focus).replace('{base}', app.baseUrl);
    const task = {
      resourceType: 'Task',
      status: 'draft',
      intent: 'order',
      focus: JSON.parse(text) as unknown,
    };

    expect([what, (await root('POST', '/fhir/Task', task)).status]).toEqual([what, status]);
  });

  it('looks into elements that no search parameter looks at', async () => {
    const flag = {
      resourceType: 'Basic',
      id: 'noted',
      code: { text: 'x' },
      extension: [{ url: 'urn:x', valueReference: { reference: 'Patient/extended' } }],
    };

    expect((await put(flag)).status).toBe(422);
    await put(patient('extended'));
    expect((await put(flag)).status).toBe(201);
    expect((await root('DELETE', '/fhir/Patient/extended')).status).toBe(409);
  });

  it('does not delete what is referred to, and says by how many and of what types, not by which', async () => {
    await put(patient('wanted'));
    for (let at = 0; at < 12; at += 1) await put(observation(`w${at}`, 'Patient/wanted'));
    const basic = { resourceType: 'Basic', id: 'w', code: { text: 'x' } };
    await put({ ...basic, subject: { reference: 'Patient/wanted' } } as typeof basic);
    const refused = await root('DELETE', '/fhir/Patient/wanted');

    expect(refused.status).toBe(409);
    expect(issuesOf(refused)[0]?.diagnostics).toBe(
      'Patient/wanted is referred to by resources of type Basic, Observation (13 in all)',
    );
    expect((await root('GET', '/fhir/Patient/wanted')).status).toBe(200);
    for (let at = 0; at < 12; at += 1) await root('DELETE', `/fhir/Observation/w${at}`);
    await root('DELETE', '/fhir/Basic/w');
    expect((await root('DELETE', '/fhir/Patient/wanted')).status).toBe(200);
  });

  it('looks at a transaction when all of it is done', async () => {
    const [p, o] = [patient('together'), observation('together', 'Patient/together')];

    expect((await transaction(putEntry(o))).status).toBe(422);
    expect((await transaction(putEntry(o), putEntry(p))).status).toBe(200);
    expect((await transaction(deleteEntry('Patient/together'))).status).toBe(409);
    const both = await transaction(
      deleteEntry('Patient/together'),
      deleteEntry('Observation/together'),
    );
    expect(both.status).toBe(200);
  });

  it('lets what refers to itself, and updates of what is referred to, go on', async () => {
    const self = {
      ...patient('self'),
      link: [{ other: { reference: 'Patient/self' }, type: 'seealso' }],
    };

    expect((await put(self)).status).toBe(201);
    await put(observation('updating', 'Patient/there'));
    expect((await put(patient('there'))).status).toBe(200);
    expect((await root('DELETE', '/fhir/Patient/self')).status).toBe(200);
  });

  it('leaves no reference to nothing when both happen at once, on two instances', async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 15; round += 1) {
      const id = `raced${round}`;
      await put(patient(id));
      const [written, deleted] = await Promise.all([
        put(observation(id, `Patient/${id}`)),
        other.call('DELETE', `/fhir/Patient/${id}`, { asRoot: true }),
      ]);
      outcomes.push(`${written.status} ${deleted.status}`);
      const both = await Promise.all(
        [`Observation/${id}`, `Patient/${id}`].map((path) => root('GET', `/fhir/${path}`)),
      );
      expect(['200 200', '404 410']).toContain(both.map(({ status }) => status).join(' '));
    }

    expect(outcomes.filter((each) => !['201 409', '422 200'].includes(each))).toEqual([]);
  });
});
