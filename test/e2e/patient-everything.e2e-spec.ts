import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import { PATIENT_RECORD } from '../support/patient-record.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

// A loaded machine may take longer than the default to start an application.
jest.setTimeout(60_000);

interface SearchEntry {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly search: { readonly mode: string };
}

const entriesOf = ({ json }: Reply, mode: string): readonly string[] =>
  ((json?.['entry'] ?? []) as readonly SearchEntry[])
    .filter(({ search }) => search.mode === mode)
    .map(({ resource }) => `${resource.resourceType}/${resource.id}`);

const nextOf = ({ json }: Reply): string | undefined =>
  (json as { link: { relation: string; url: string }[] }).link.find(
    ({ relation }) => relation === 'next',
  )?.url;

const MATCHES = [
  'AllergyIntolerance/nuts',
  'Encounter/visit',
  'Observation/first',
  'Observation/performed',
  'Patient/p1',
];
const INCLUDED = ['Location/l1', 'Organization/o1', 'Practitioner/g1', 'Practitioner/g2'];

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  for (const resource of PATIENT_RECORD) {
    await app.put(`/fhir/${resource.resourceType}/${resource.id}`, resource);
  }
});
afterAll(() => app.stop());

const everything = (query = '', id = 'p1'): Promise<Reply> =>
  app.call('GET', `/fhir/Patient/${id}/$everything${query}`, { asRoot: true });

describe('the record of a patient', () => {
  it('is the patient, what belongs to the patient, and what of nobody those refer to', async () => {
    const reply = await everything();

    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 5 });
    expect(entriesOf(reply, 'match')).toEqual(MATCHES);
    expect([...entriesOf(reply, 'include')].sort()).toEqual(INCLUDED);
  });

  it('comes in pages, which writes do not shift', async () => {
    const matches: string[] = [];
    let reply = await everything('?_count=2');
    await app.put('/fhir/AllergyIntolerance/a-late-one', {
      ...PATIENT_RECORD.at(-1),
      id: 'a-late-one',
    });
    for (let pages = 0; pages < 10; pages += 1) {
      matches.push(...entriesOf(reply, 'match'));
      const next = nextOf(reply);
      if (next === undefined) break;
      reply = await app.call('GET', next.slice(app.baseUrl.length), { asRoot: true });
    }
    await app.call('DELETE', '/fhir/AllergyIntolerance/a-late-one', { asRoot: true });

    expect(matches).toEqual(MATCHES);
  });

  it('is of the types that are asked for', async () => {
    const reply = await everything('?_type=Observation,Practitioner');

    expect(entriesOf(reply, 'match')).toEqual(['Observation/first', 'Observation/performed']);
    expect(entriesOf(reply, 'include')).toEqual(['Practitioner/g2']);
  });

  it.each([
    ['?start=2020-05-02', 'Observation/first'],
    ['?end=2021-01-31', 'Encounter/visit'],
  ])('%s leaves out care outside of the range, and keeps what has no date', async (query, out) => {
    expect(entriesOf(await everything(query), 'match')).toEqual(
      MATCHES.filter((reference) => reference !== out),
    );
  });

  it('keeps care within the range', async () => {
    expect(entriesOf(await everything('?start=2020-05&end=2021-02-01'), 'match')).toEqual(MATCHES);
  });

  it('is what was written since a moment', async () => {
    const { json } = await app.call('GET', '/fhir/Encounter/visit', { asRoot: true });
    const { lastUpdated } = (json as { meta: { lastUpdated: string } }).meta;

    const reply = await everything(`?_since=${encodeURIComponent(lastUpdated)}`);

    expect(entriesOf(reply, 'match')).toEqual(['AllergyIntolerance/nuts']);
  });

  it('may be asked for by Parameters', async () => {
    const reply = await app.call('POST', '/fhir/Patient/p1/$everything', {
      asRoot: true,
      body: {
        resourceType: 'Parameters',
        parameter: [{ name: '_type', valueCode: 'Encounter' }],
      },
    });

    expect(reply.status).toBe(200);
    expect(entriesOf(reply, 'match')).toEqual(['Encounter/visit']);
  });

  it.each([
    ['?start=yesterday', 400],
    ['?_since=x', 400],
    ['?_type=Nothing', 400],
    ['?_type=User', 400],
    ['?_after=x', 400],
    ['?_count=x', 400],
    ['?code=c', 400],
  ])('refuses %s', async (query, status) => {
    expect((await everything(query)).status).toBe(status);
  });

  it('is none of who is not there, was deleted, or is no patient', async () => {
    await app.put('/fhir/Patient/gone', { resourceType: 'Patient', id: 'gone' });
    await app.call('DELETE', '/fhir/Patient/gone', { asRoot: true });
    const ofOrganization = await app.call('GET', '/fhir/Organization/o1/$everything', {
      asRoot: true,
    });

    expect((await everything('', 'nobody')).status).toBe(404);
    expect((await everything('', 'gone')).status).toBe(410);
    expect(ofOrganization.status).toBe(404);
  });
});

describe('who may have the record of a patient', () => {
  const operation = { operation: { id: 'FhirEverything' } };
  const search = (...types: readonly string[]) => ({
    operation: { id: 'FhirSearch' },
    params: { 'resource/type': { $enum: types } },
  });
  const compartment = (...types: readonly string[]) => ({
    operation: { id: 'FhirCompartmentSearch' },
    params: { 'resource/id': 'p1', 'compartment/type': { $enum: types } },
  });
  const ask = (client: string, path: string, at = app): Promise<Reply> =>
    at.call('GET', path, { headers: { authorization: basic(client, CLIENT_SECRET) } });

  it('needs the operation, of this patient', async () => {
    const policy = { ...operation, params: { 'resource/type': 'Patient', 'resource/id': 'p1' } };
    await addClient(app, 'of-one', [policy, compartment('Observation')]);
    await addClient(app, 'searching', [compartment('Observation'), search('Observation')]);
    const path = (id: string) => `/fhir/Patient/${id}/$everything?_type=Observation`;

    expect((await ask('searching', path('p1'))).status).toBe(403);
    expect((await ask('of-one', path('p2'))).status).toBe(403);
    expect((await ask('of-one', path('p1'))).status).toBe(200);
  });

  it('needs the search of every type that can be in the answer', async () => {
    await addClient(app, 'of-some', [
      operation,
      compartment('Observation', 'Encounter'),
      search('Organization'),
    ]);
    const path = '/fhir/Patient/p1/$everything';

    const refused = await ask('of-some', path);
    expect(refused.status).toBe(403);
    expect(refused.json).not.toHaveProperty('entry');
    expect((await ask('of-some', `${path}?_type=Observation,Practitioner`)).status).toBe(403);
    expect((await ask('of-some', `${path}?_type=Observation,Patient`)).status).toBe(403);
    const reply = await ask('of-some', `${path}?_type=Observation,Encounter,Organization`);
    expect(entriesOf(reply, 'match')).toEqual([
      'Encounter/visit',
      'Observation/first',
      'Observation/performed',
    ]);
    expect(entriesOf(reply, 'include')).toEqual([]);
  });

  it('needs the operation alone where searches within are not decided', async () => {
    const other = await startTestApp(
      { BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS: 'false' },
      app.database,
    );
    try {
      await addClient(other, 'of-all', [operation]);

      const reply = await ask('of-all', '/fhir/Patient/p1/$everything', other);

      expect(entriesOf(reply, 'match')).toEqual(MATCHES);
    } finally {
      await other.stop();
    }
  });
});
