import {
  addClient,
  asks,
  CLIENT_SECRET,
  sendBundle,
  statusesOf,
  writes,
} from '../support/bundle-calls.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const searchOf = (type: string, more: object = {}) => ({
  operation: { id: 'FhirSearch' },
  params: { 'resource/type': type, ...more },
});

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly search: { readonly mode: string };
}

const found = ({ json }: Reply): readonly string[] =>
  ((json?.['entry'] ?? []) as readonly Entry[])
    .map(({ resource, search }) => `${search.mode} ${resource.resourceType}/${resource.id}`)
    .sort();

describe('what a search reaches', () => {
  let app: TestApp;

  const get = (path: string, client: string) =>
    app.call('GET', path, { headers: { authorization: basic(client, CLIENT_SECRET) } });

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/fhir/Organization/o1', { resourceType: 'Organization', name: 'Acme' });
    await app.put('/fhir/Patient/p1', {
      resourceType: 'Patient',
      name: [{ family: 'Chalmers' }],
      managingOrganization: { reference: 'Organization/o1' },
    });
    await app.put('/fhir/Patient/p2', { resourceType: 'Patient', name: [{ family: 'Windsor' }] });
    await app.put('/fhir/Observation/b1', {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'c' }] },
      subject: { reference: 'Patient/p1' },
    });
    await app.put('/fhir/User/u1', { userName: 'u1' });
    await app.put('/fhir/Basic/x1', {
      resourceType: 'Basic',
      code: { text: 'x' },
      subject: { reference: 'User/u1' },
    });
    await addClient(app, 'observations', [
      searchOf('Observation'),
      { operation: { id: 'FhirTransaction' } },
      { operation: { id: 'FhirCreate' } },
    ]);
    await addClient(app, 'both', [searchOf('Observation'), searchOf('Patient')]);
    await addClient(app, 'by-name', [
      searchOf('Observation'),
      searchOf('Patient', { family: 'Ch' }),
    ]);
    await addClient(app, 'patients', [searchOf('Patient')]);
    await addClient(app, 'several', [
      { operation: { id: 'FhirSystemSearch' } },
      searchOf('Observation'),
    ]);
    await addClient(app, 'compartment', [
      {
        operation: { id: 'FhirCompartmentSearch' },
        params: {
          'resource/type': 'Patient',
          'resource/id': 'p1',
          'compartment/type': 'Observation',
        },
      },
    ]);
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['a chain', '/fhir/Observation?subject:Patient.family=Ch', ['match Observation/b1']],
    ['a chain without type', '/fhir/Observation?patient.family=Ch', ['match Observation/b1']],
    [
      'an include',
      '/fhir/Observation?_include=Observation:subject:Patient',
      ['include Patient/p1', 'match Observation/b1'],
    ],
    [
      'an include by a form',
      '/fhir/Observation?_include=Observation:patient',
      ['include Patient/p1', 'match Observation/b1'],
    ],
  ])('by %s is decided as a search of its type', async (_, path, entries) => {
    const allowed = await get(path, 'both');

    expect(found(allowed)).toEqual(entries);
    expect((await get(path, 'observations')).status).toBe(403);
    expect((await get('/fhir/Observation', 'observations')).status).toBe(200);
  });

  it.each([
    ['_has', '/fhir/Patient?_has:Observation:patient:code=c', ['match Patient/p1']],
    [
      'a reverse include',
      '/fhir/Patient?_revinclude=Observation:subject',
      ['include Observation/b1', 'match Patient/p1', 'match Patient/p2'],
    ],
  ])('by %s is decided as a search of its type', async (_, path, entries) => {
    expect(found(await get(path, 'both'))).toEqual(entries);
    const refused = await get(path, 'patients');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Observation');
    expect((await get('/fhir/Patient', 'patients')).status).toBe(200);
  });

  it('is decided with the parameters that the chain leads to, and an include with none', async () => {
    expect((await get('/fhir/Observation?patient.family=Ch', 'by-name')).status).toBe(200);
    expect((await get('/fhir/Observation?patient.family=Wi', 'by-name')).status).toBe(403);
    expect((await get('/fhir/Observation?_include=Observation:patient', 'by-name')).status).toBe(
      403,
    );
  });

  it('needs a policy for every type that an include may lead to', async () => {
    expect((await get('/fhir/Observation?_include=Observation:subject', 'both')).status).toBe(403);
    expect(
      (await get('/fhir/Observation?_include=Observation:subject:Patient', 'both')).status,
    ).toBe(200);
  });

  it('is decided for every link of a chain', async () => {
    const path = '/fhir/Observation?patient.organization.name=Ac';

    expect((await get(path, 'both')).status).toBe(403);
    expect(found(await app.call('GET', path, { asRoot: true }))).toEqual(['match Observation/b1']);
  });

  it('is decided in a form, too', async () => {
    const search = (client: string) =>
      app.call('POST', '/fhir/Observation/_search', {
        body: 'patient.family=Ch',
        headers: {
          authorization: basic(client, CLIENT_SECRET),
          'content-type': 'application/x-www-form-urlencoded',
        },
      });

    expect(found(await search('both'))).toEqual(['match Observation/b1']);
    expect((await search('observations')).status).toBe(403);
  });

  it('is decided in Bundles: searches and criteria', async () => {
    const search = asks('GET', 'Observation?patient.family=Ch');
    const plain = asks('GET', 'Observation?code=c');
    const resource = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
    const created = writes('POST', 'Observation', resource, { ifNoneExist: 'patient.family=Ch' });

    expect(statusesOf(await sendBundle(app, 'batch', [plain, search], 'observations'))).toEqual([
      '200',
      '403',
    ]);
    expect((await sendBundle(app, 'transaction', [created], 'observations')).status).toBe(403);
    const root = await sendBundle(app, 'transaction', [search, created]);
    expect(statusesOf(root)).toEqual(['200', '200']);
  });

  it('never is a system resource, whoever asks', async () => {
    const ask = (query: string) => app.call('GET', `/fhir/Basic?${query}`, { asRoot: true });

    expect(found(await ask('_include=Basic:subject'))).toEqual(['match Basic/x1']);
    expect(found(await ask('subject=User/u1'))).toEqual(['match Basic/x1']);
    expect((await ask('_include=Basic:subject:User')).status).toBe(400);
    expect((await ask('subject:User.userName=u1')).status).toBe(400);
    expect(found(await ask('subject._id=u1'))).toEqual([]);
    expect((await app.call('GET', '/fhir?_type=User', { asRoot: true })).status).toBe(400);
    expect((await app.call('GET', '/fhir?_type=Basic,User', { asRoot: true })).status).toBe(400);
    expect(found(await app.call('GET', '/fhir?_type=Basic', { asRoot: true }))).toEqual([
      'match Basic/x1',
    ]);
  });

  it('of several types is decided for each of them', async () => {
    expect(found(await get('/fhir?_type=Observation&code=c', 'several'))).toEqual([
      'match Observation/b1',
    ]);
    expect((await get('/fhir?_type=Observation,Patient', 'several')).status).toBe(403);
    expect((await get('/fhir?_type=Observation', 'both')).status).toBe(403);
    expect(
      found(await app.call('GET', '/fhir?_type=Organization,Patient', { asRoot: true })),
    ).toEqual([...['match Organization/o1', 'match Patient/p1', 'match Patient/p2']]);
  });

  it.each([
    '',
    '?_type=',
    '?_type=Patient&_type=Group',
    '?_type=Patient&family:exact=',
    '?_type=Patient,Observation&family=x',
  ])('of several types refuses %j', async (query) => {
    expect((await app.call('GET', `/fhir${query}`, { asRoot: true })).status).toBe(400);
  });

  it('in a compartment is decided by whose it is and by what is searched', async () => {
    expect(found(await get('/fhir/Patient/p1/Observation?code=c', 'compartment'))).toEqual([
      'match Observation/b1',
    ]);
    expect((await get('/fhir/Patient/p2/Observation', 'compartment')).status).toBe(403);
    expect((await get('/fhir/Patient/p1/Encounter', 'compartment')).status).toBe(403);
    expect(
      (await get('/fhir/Patient/p1/Observation?patient.family=Ch', 'compartment')).status,
    ).toBe(403);
    const root = (path: string) => app.call('GET', path, { asRoot: true });
    expect(found(await root('/fhir/Patient/p2/Observation'))).toEqual([]);
    expect((await root('/fhir/Patient/p1/Practitioner')).status).toBe(400);
    expect((await root('/fhir/Patient/p1/Observation?colour=red')).status).toBe(400);
    expect((await root('/fhir/Group/p1/Observation')).status).toBe(404);
    expect((await root('/fhir/Patient/p1/User')).status).toBe(404);
  });
});

describe('with BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS=false, what a search reaches', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS: 'false' });
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient' });
    await app.put('/fhir/Observation/b1', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'c' },
      subject: { reference: 'Patient/p1' },
    });
    await addClient(app, 'observations', [
      searchOf('Observation'),
      { operation: { id: 'FhirSystemSearch' } },
    ]);
  });
  afterAll(async () => {
    await app.stop();
  });

  const get = (path: string) =>
    app.call('GET', path, { headers: { authorization: basic('observations', CLIENT_SECRET) } });

  it('is answered without being decided', async () => {
    expect(found(await get('/fhir/Observation?_include=Observation:subject'))).toEqual([
      'include Patient/p1',
      'match Observation/b1',
    ]);
  });

  it('is never another type that is searched for', async () => {
    expect((await get('/fhir/Patient')).status).toBe(403);
    expect((await get('/fhir?_type=Observation,Patient')).status).toBe(403);
    expect((await get('/fhir?_type=Observation')).status).toBe(200);
  });
});
