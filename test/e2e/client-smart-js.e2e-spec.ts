import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import {
  observation,
  patientWithObservation,
  startForClients,
  type ClientFixture,
} from '../support/client-fixture.js';

/** As much as is used of it; its own types are made for browsers. */
interface SmartClient {
  create(resource: object, options?: object): Promise<Stored>;
  update(resource: object): Promise<Stored>;
  patch(url: string, operations: readonly object[]): Promise<Stored>;
  delete(url: string): Promise<unknown>;
  request<T>(options: string | object, fhir?: object): Promise<T>;
}

type Smart = (...of: readonly object[]) => { client(state: object): SmartClient };

const smart = createRequire(import.meta.url)('fhirclient') as Smart;

interface Stored {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { readonly versionId: string };
}

/** SMART JS, the part of it that servers use. */
describe('fhirclient', () => {
  let fixture: ClientFixture;
  let client: SmartClient;

  beforeAll(async () => {
    fixture = await startForClients();
    const request = { headers: {}, url: '/' };
    client = smart(request, {}, {}).client({
      serverUrl: fixture.fhirUrl,
      tokenResponse: { access_token: fixture.token },
    });
  });
  afterAll(() => fixture.stop());

  it('creates, reads, replaces, patches and deletes', async () => {
    const { id } = await client.create({ resourceType: 'Patient', name: [{ family: 'Smart' }] });
    const path = `Patient/${id}`;
    expect(await client.request(path)).toMatchObject({ id, meta: { versionId: '1' } });

    const replaced = { resourceType: 'Patient', id, name: [{ family: 'Smarter' }] };
    await client.update(replaced);
    await client.patch(path, [{ op: 'replace', path: '/name/0/family', value: 'Patched' }]);
    expect(await client.request(path)).toMatchObject({
      name: [{ family: 'Patched' }],
      meta: { versionId: '3' },
    });

    await client.delete(path);
    await expect(client.request(path)).rejects.toMatchObject({ status: 410 });
  });

  it('turns all pages of a search', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await client.create(observation('smart-page'))).id);

    const pages: number[] = [];
    const found = await client.request<readonly Stored[]>(
      'Observation?code=urn:clients|smart-page&_count=2',
      {
        pageLimit: 0,
        flat: true,
        onPage: (page: unknown) => void pages.push((page as readonly unknown[]).length),
      },
    );

    // With `onPage` it keeps nothing itself.
    expect(pages).toEqual([2, 2, 1]);
    expect(found).toBeNull();
    const all = await client.request<readonly Stored[]>(
      'Observation?code=urn:clients|smart-page&_count=2',
      { pageLimit: 0, flat: true },
    );
    expect(all.map(({ id }) => id)).toEqual(ids.toSorted());
  });

  it('resolves references', async () => {
    const patient = await client.create({ resourceType: 'Patient', gender: 'other' });
    const subject = { reference: `Patient/${patient.id}` };
    const { id } = await client.create(observation('smart-reference', { subject }));

    expect(
      await client.request(`Observation/${id}`, { resolveReferences: ['subject'] }),
    ).toMatchObject({ subject: { id: patient.id, gender: 'other' } });
  });

  it('sends a transaction', async () => {
    const answer = await client.request<{ entry: { response: { status: string } }[] }>({
      url: '',
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(patientWithObservation('smart-transaction')),
    });

    expect(answer.entry.map(({ response }) => response.status.slice(0, 3))).toEqual(['201', '201']);
    const found = await client.request<readonly Stored[]>('Patient?family=smart-transaction', {
      flat: true,
    });
    expect(found).toHaveLength(1);
  });

  it('reads earlier versions and the history', async () => {
    const { id } = await client.create({ resourceType: 'Patient', gender: 'male' });
    await client.update({ resourceType: 'Patient', id, gender: 'female' });

    expect(await client.request(`Patient/${id}/_history/1`)).toMatchObject({ gender: 'male' });
    const history = await client.request<readonly Stored[]>(`Patient/${id}/_history`, {
      flat: true,
    });
    expect(history.map(({ meta }) => meta.versionId)).toEqual(['2', '1']);
  });

  it('creates and replaces under a condition', async () => {
    const patient = {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:smart', value: 'one' }],
    };
    const headers = { 'If-None-Exist': 'identifier=urn:smart|one' };
    const first = await client.create(patient, { headers });
    const again = await client.create(patient, { headers });
    expect(again.id).toBe(first.id);

    const updated = await client.request({
      url: 'Patient?identifier=urn:smart|one',
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ ...patient, gender: 'other' }),
    });
    expect(updated).toMatchObject({ id: first.id, meta: { versionId: '2' } });
  });

  it('knows what is denied, missing or invalid by its own errors', async () => {
    await expect(client.request('Basic/b')).rejects.toMatchObject({
      name: 'HttpError',
      status: 403,
    });
    await expect(client.request('Patient/nobody')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('nobody'),
    });
    await expect(client.create({ resourceType: 'Patient', nonsense: true })).rejects.toMatchObject({
      status: 422,
    });
  });
});
