import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { conditionalPatients, idOf, MERGE } from '../support/conditional-patients.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const SECRET = 'a-secret-of-more-than-enough-length';

let app: TestApp;
const { patient, root, created, ids, next } = conditionalPatients(() => app);
/** Picks the Patients of one test. */
let criteria: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(() => {
  ({ criteria } = next());
});

describe('who may do something by criteria', () => {
  const CLIENT = { authorization: basic('conditional', SECRET) };
  const asClient = (method: string, body?: unknown, headers = {}): Promise<Reply> =>
    app.call(method, `/fhir/Patient?${criteria}`, {
      headers: { ...CLIENT, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const allow = (name: string, operation: string, more: object = {}) =>
    app.put(`/AccessPolicy/${name}`, {
      engine: 'matcho',
      matcho: { client: { id: 'conditional' }, operation: { id: operation }, ...more },
    });
  const forbid = (name: string) => root('DELETE', `/AccessPolicy/${name}`);

  beforeAll(async () => {
    await app.put('/Client/conditional', { secret: SECRET, grant_types: ['basic'] });
    await allow('by-criteria', 'FhirConditionalUpdate');
    await allow('deletes', 'FhirConditionalDelete');
    await allow('searches', 'FhirSearch');
    await allow('updates', 'FhirUpdate');
    await allow('creates', 'FhirCreate');
  });

  it.each(['by-criteria', 'searches', 'updates'])(
    'needs the interaction, the search and the change that it is: %s',
    async (policy) => {
      const id = idOf(await created());
      expect((await asClient('PUT', patient())).status).toBe(200);
      const before = await root('GET', `/AccessPolicy/${policy}`);
      await forbid(policy);

      expect((await asClient('PUT', patient({ active: true }))).status).toBe(403);
      expect((await root('GET', `/fhir/Patient/${id}`)).json).not.toHaveProperty('active');
      await root('PUT', `/AccessPolicy/${policy}`, before.json);
    },
  );

  it('is decided on the resource that it changes', async () => {
    const id = idOf(await created());
    await allow('updates', 'FhirUpdate', { params: { 'resource/id': 'somebody-else' } });
    expect((await asClient('PUT', patient())).status).toBe(403);

    await allow('updates', 'FhirUpdate', { params: { 'resource/id': id } });
    expect((await asClient('PUT', patient())).status).toBe(200);
    await allow('updates', 'FhirUpdate');
  });

  it('is decided on the creation where nothing matches', async () => {
    await forbid('creates');
    expect((await asClient('PUT', patient())).status).toBe(403);
    expect(await ids()).toEqual([]);

    await allow('creates', 'FhirCreate');
    expect((await asClient('PUT', patient())).status).toBe(201);
  });

  it('does not delete what may only be picked', async () => {
    const id = idOf(await created());
    expect((await asClient('DELETE')).status).toBe(403);

    await allow('really-deletes', 'FhirDelete', { params: { 'resource/id': id } });
    expect((await asClient('DELETE')).status).toBe(200);
  });

  it('does not search by If-None-Exist for whom may not search', async () => {
    await created();
    await forbid('searches');
    const reply = await app.call('POST', '/fhir/Patient', {
      headers: { ...CLIENT, 'if-none-exist': criteria },
      body: patient(),
    });

    expect(reply.status).toBe(403);
    expect(await ids()).toHaveLength(1);
    await allow('searches', 'FhirSearch');
  });

  it.each([
    ['User', 404],
    ['AccessPolicy', 404],
    ['Session', 404],
    ['patient', 404],
    ['Resource', 404],
  ])('never reaches system resources, nor what is no type: %s', async (type, status) => {
    const body = { resourceType: type };

    expect((await root('PUT', `/fhir/${type}?_id=admin`, body)).status).toBe(status);
    expect((await root('PATCH', `/fhir/${type}?_id=admin`, {}, MERGE)).status).toBe(status);
    expect((await root('DELETE', `/fhir/${type}?_id=admin`)).status).toBe(status);
    expect((await root('GET', '/fhir/User/admin')).json).toMatchObject({
      meta: { versionId: '1' },
    });
  });

  it('stays where Bundles may not reach it either', async () => {
    const request = { method: 'DELETE', url: 'User?_id=admin' };
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [{ request }] };

    expect((await root('POST', '/fhir', bundle)).status).toBe(501);
    expect((await root('GET', '/fhir/User/admin')).status).toBe(200);
  });
});
