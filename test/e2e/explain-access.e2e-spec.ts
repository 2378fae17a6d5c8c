import { basic, startTestApp, type TestApp } from '../support/test-app.js';

const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };
const READ = { uri: '/fhir/Patient/123', 'request-method': 'get' };

type Rows = readonly Record<string, unknown>[];

describe('POST /$explain-access', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
    await app.put('/Client/sleeper', { active: false });
    await app.put('/User/nurse-1', { userName: 'n1' });
    await app.put('/User/nurse-2', { userName: 'n2', inactive: true });
    await app.put('/User/clerk-1', { userName: 'c1' });
    await app.put('/Role/nurse-1', { name: 'nurse', user: { reference: 'User/nurse-1' } });
    await app.put('/Role/nurse-2', { name: 'nurse', user: { reference: 'User/nurse-2' } });
    await app.put('/AccessPolicy/nurses-read', {
      engine: 'matcho',
      roleName: 'nurse',
      matcho: { operation: { id: 'FhirRead' }, params: { 'resource/type': 'Patient' } },
    });
    await app.put('/AccessPolicy/own-client', {
      engine: 'matcho',
      link: ['trial', 'sleeper'].map((id) => ({ reference: `Client/${id}` })),
      matcho: { 'request-method': 'get', uri: '#^/fhir/Patient' },
    });
    await app.put('/AccessPolicy/by-ward', {
      engine: 'matcho',
      roleName: 'nurse',
      matcho: {
        operation: { id: 'FhirSearch' },
        params: { 'resource/type': 'Observation', ward: 'w1' },
      },
    });
    await app.put('/AccessPolicy/trial-asks', {
      engine: 'matcho',
      link: [{ reference: 'Client/trial' }],
      matcho: { operation: { id: 'explain-access' } },
    });
  });
  afterAll(async () => {
    await app.stop();
  });

  const ask = (body: unknown) => app.call('POST', '/$explain-access', { asRoot: true, body });

  it('names everybody who may send a request, with the policy', async () => {
    const { status, json } = await ask({ request: READ });

    expect(status).toBe(200);
    expect(json).toEqual({
      allowed: [
        { subject: 'Client/root', policy: 'root-client' },
        { subject: 'Client/trial', policy: 'own-client' },
        { subject: 'User/admin', policy: 'admin-user' },
        { subject: 'User/nurse-1', policy: 'nurses-read' },
      ],
      judged: 6,
      complete: true,
    });
  });

  it('goes on after a subject', async () => {
    const { json } = await ask({ request: READ, after: 'User/clerk-1' });

    expect(json).toEqual({
      allowed: [{ subject: 'User/nurse-1', policy: 'nurses-read' }],
      judged: 1,
      complete: true,
    });
  });

  it('asks for administrators where the route does', async () => {
    const { json } = await ask({ request: { uri: '/$explain-access', 'request-method': 'post' } });

    expect((json?.['allowed'] as Rows).map(({ subject }) => subject)).toEqual([
      'Client/root',
      'User/admin',
    ]);
  });

  it('supposes the claims that the request brings', async () => {
    await app.put('/AccessPolicy/by-issuer', {
      engine: 'matcho',
      matcho: { jwt: { iss: 'https://i.example' }, params: { 'resource/type': 'Device' } },
    });
    const device = { uri: '/fhir/Device/1' };
    const without = await ask({ request: device });
    const having = await ask({ request: { ...device, jwt: { iss: 'https://i.example' } } });
    await app.call('DELETE', '/AccessPolicy/by-issuer', { asRoot: true });

    expect(without.json?.['allowed']).toHaveLength(2);
    expect(having.json?.['allowed']).toHaveLength(6);
  });

  it('says what a User may do, and what depends on the request', async () => {
    const { json } = await ask({ user: 'nurse-1', types: ['Patient', 'Observation'] });

    expect(json).toEqual({
      subject: 'User/nurse-1',
      administrator: false,
      allowed: [
        {
          ...{ operation: 'FhirRead', request: 'GET /fhir/{type}/{id}' },
          ...{ types: ['Patient'], policy: 'nurses-read' },
        },
      ],
      depends: expect.arrayContaining([
        {
          ...{ operation: 'FhirSearch', request: 'GET /fhir/{type}' },
          ...{ types: ['Observation'], policy: 'by-ward' },
        },
      ]) as unknown,
      complete: true,
    });
  });

  it('says it of a Client, of an administrator, and of given types only', async () => {
    const trial = await ask({ client: 'trial', types: ['Patient', 'Device'] });
    const root = await ask({ client: 'root', types: ['User'] });

    const rows = trial.json?.['allowed'] as Rows;
    expect(new Set(rows.flatMap(({ types }) => types))).toEqual(new Set(['Patient']));
    expect(rows).toContainEqual({
      ...{ operation: 'FhirRead', request: 'GET /fhir/{type}/{id}' },
      ...{ types: ['Patient'], policy: 'own-client' },
    });
    expect(trial.json).toMatchObject({ administrator: false, complete: true });
    expect(root.json).toMatchObject({ administrator: true });
    expect((root.json?.['allowed'] as Rows).map(({ request }) => request)).toContain(
      'DELETE /fhir/User/{id}',
    );
  });

  it('is for administrators', async () => {
    const anonymous = await app.call('POST', '/$explain-access', { body: { request: READ } });
    const trial = await app.call('POST', '/$explain-access', {
      headers: AS_TRIAL,
      body: { request: READ },
    });

    expect([anonymous.status, trial.status]).toEqual([401, 403]);
    expect(trial.text).toContain('for administrators');
  });

  it.each([
    [{}, 'request'],
    [{ request: READ, user: 'nurse-1' }, 'request'],
    [{ request: { ...READ, 'user-id': 'nurse-1' } }, 'request.user-id'],
    [{ request: READ, after: "x' OR 1" }, 'after'],
    [{ user: 'nobody' }, 'user'],
    [{ user: 'nurse-2' }, 'user'],
    [{ client: 'sleeper' }, 'client'],
    [{ user: 'nurse-1', types: 'Patient' }, 'types'],
    [{ question: 1 }, 'explain-access.question'],
  ])('refuses %j', async (body, expression) => {
    const { status, json } = await ask(body);

    expect(status).toBe(422);
    expect(json?.['issue']).toMatchObject([{ expression: [expression] }]);
  });
});
