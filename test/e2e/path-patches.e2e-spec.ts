import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { addClient, CLIENT_SECRET, sendBundle, statusesOf } from '../support/bundle-calls.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

// A loaded machine may take longer than the default to start an application.
jest.setTimeout(60_000);

const FHIR = { 'content-type': 'application/fhir+json' };

let app: TestApp;
let patients = 0;
/** The Patient of one test. */
let id: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  patients += 1;
  id = `p${patients}`;
  await app.put(`/fhir/Patient/${id}`, {
    resourceType: 'Patient',
    id,
    identifier: [{ system: 'urn:path', value: id }],
    telecom: [
      { system: 'phone', value: '1' },
      { system: 'email', value: 'a@example.org' },
    ],
  });
});

type Part = readonly [name: string, value: object];

const parameters = (...operations: readonly (readonly Part[])[]): object => ({
  resourceType: 'Parameters',
  parameter: operations.map((parts) => ({
    name: 'operation',
    part: parts.map(([name, value]) => ({ name, ...value })),
  })),
});

const replacing = (path: string, value: object): object =>
  parameters([
    ['type', { valueCode: 'replace' }],
    ['path', { valueString: path }],
    ['value', value],
  ]);

const EMAIL = "Patient.telecom.where(system = 'email').value";
const OF_A_USER = replacing('User.active', { valueBoolean: true });
const NEW_EMAIL = replacing(EMAIL, { valueString: 'b@example.org' });

const patch = (path: string, body: unknown, headers = {}): Promise<Reply> =>
  app.call('PATCH', path, { asRoot: true, body, headers: { ...FHIR, ...headers } });

/** The e-mail address of the Patient of the test, as it is stored. */
async function email(): Promise<unknown> {
  const { json } = await app.call('GET', `/fhir/Patient/${id}`, { asRoot: true });
  return (json as { telecom: { value: unknown }[] }).telecom[1]?.value;
}

describe('a FHIRPath Patch', () => {
  it('changes a resource', async () => {
    const reply = await patch(`/fhir/Patient/${id}`, NEW_EMAIL, { 'if-match': 'W/"1"' });

    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('W/"2"');
    expect(await email()).toBe('b@example.org');
  });

  it('changes the resource that criteria pick', async () => {
    const reply = await patch(`/fhir/Patient?identifier=urn:path|${id}`, NEW_EMAIL);

    expect(reply.status).toBe(200);
    expect(await email()).toBe('b@example.org');
  });

  it('leaves a valid resource, or the one that was there', async () => {
    const reply = await patch(`/fhir/Patient/${id}`, replacing(EMAIL, { valueBoolean: true }));

    expect(reply.status).toBe(422);
    expect(reply.json).toMatchObject({ issue: [{ expression: ['Patient.telecom[1].value'] }] });
    expect(await email()).toBe('a@example.org');
  });

  it('cannot change the id', async () => {
    const reply = await patch(
      `/fhir/Patient/${id}`,
      replacing('Patient.id', { valueId: 'another' }),
    );

    expect(reply.status).toBe(422);
    expect(reply.json).toMatchObject({ issue: [{ expression: ['Patient.id'] }] });
  });

  it('says which operation does not fit', async () => {
    const reply = await patch(
      `/fhir/Patient/${id}`,
      replacing('Patient.gender', { valueCode: 'male' }),
    );

    expect(reply.status).toBe(422);
    expect(reply.json).toMatchObject({ issue: [{ expression: ['Parameters.parameter[0]'] }] });
  });

  it('is a resource where a merge patch is meant', async () => {
    const merge = { 'content-type': 'application/merge-patch+json' };

    expect((await patch(`/fhir/Patient/${id}`, NEW_EMAIL, merge)).status).toBe(422);
    expect(await email()).toBe('a@example.org');
  });

  it('is not for system resources', async () => {
    await app.put('/fhir/User/path', { active: false });

    expect((await patch('/fhir/User/path', OF_A_USER)).status).toBe(415);
  });

  it('is not for system resources in a Bundle either', async () => {
    await app.put('/fhir/User/path', { active: false });

    const reply = await sendBundle(app, 'batch', [
      { resource: OF_A_USER, request: { method: 'PATCH', url: 'User/path' } },
    ]);
    expect(statusesOf(reply)).toEqual(['415']);
  });
});

describe('a FHIRPath Patch in a Bundle', () => {
  it.each(['batch', 'transaction'] as const)('changes a resource of a %s', async (type) => {
    const request = { method: 'PATCH', url: `Patient/${id}` };

    const reply = await sendBundle(app, type, [{ resource: NEW_EMAIL, request }]);

    expect(statusesOf(reply)).toEqual(['200']);
    expect(await email()).toBe('b@example.org');
  });

  it('may have an id of its own, which is not that of what criteria pick', async () => {
    const request = { method: 'PATCH', url: `Patient?identifier=urn:path|${id}` };
    const resource = { ...NEW_EMAIL, id: 'own' };

    const reply = await sendBundle(app, 'transaction', [{ resource, request }]);

    expect(statusesOf(reply)).toEqual(['200']);
    expect(await email()).toBe('b@example.org');
  });

  it('refers to what the transaction creates', async () => {
    const fullUrl = 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11';
    const added = parameters([
      ['type', { valueCode: 'add' }],
      ['path', { valueString: 'Patient' }],
      ['name', { valueString: 'managingOrganization' }],
      ['value', { valueReference: { reference: fullUrl } }],
    ]);

    const reply = await sendBundle(app, 'transaction', [
      {
        fullUrl,
        resource: { resourceType: 'Organization', name: 'O' },
        request: { method: 'POST', url: 'Organization' },
      },
      { resource: added, request: { method: 'PATCH', url: `Patient/${id}` } },
    ]);

    expect(statusesOf(reply)).toEqual(['201', '200']);
    const { json } = await app.call('GET', `/fhir/Patient/${id}`, { asRoot: true });
    expect(json).toMatchObject({
      managingOrganization: { reference: expect.stringMatching(/^Organization\/[\w-]{36}$/) },
    });
  });
});

describe('who may send a FHIRPath Patch', () => {
  const allowed = {
    operation: { id: 'FhirPatch' },
    body: { parameter: [{ part: [{ valueCode: 'replace' }, { valueString: EMAIL }] }] },
  };

  it('is decided by the operations that it holds', async () => {
    await addClient(app, 'patcher', [allowed]);
    const headers = { ...FHIR, authorization: basic('patcher', CLIENT_SECRET) };
    const send = (body: unknown) => app.call('PATCH', `/fhir/Patient/${id}`, { body, headers });

    const other = replacing('Patient.telecom[0].value', { valueString: '2' });
    expect((await send(other)).status).toBe(403);
    expect((await send(NEW_EMAIL)).status).toBe(200);
  });

  it('is decided by them in a Bundle, too', async () => {
    await addClient(app, 'bundler', [allowed, { operation: { id: 'FhirTransaction' } }]);
    const request = { method: 'PATCH', url: `Patient/${id}` };
    const other = replacing('Patient.telecom[0].value', { valueString: '2' });

    const reply = await sendBundle(
      app,
      'batch',
      [
        { resource: other, request },
        { resource: NEW_EMAIL, request },
      ],
      'bundler',
    );

    expect(statusesOf(reply)).toEqual(['403', '200']);
  });
});
