import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type FhirResource } from 'fhir-kit-client';
import {
  observation,
  patientWithObservation,
  startForClients,
  type ClientFixture,
} from '../support/client-fixture.js';

interface Bundle {
  readonly resourceType: string;
  readonly entry?: readonly {
    readonly resource: { readonly id: string; readonly meta: { readonly versionId: string } };
    readonly response: { readonly location: string };
  }[];
}

/** What the client throws for an answer that is none of success. */
const refusal = (status: number, code: string) => ({
  response: { status, data: { resourceType: 'OperationOutcome', issue: [{ code }] } },
});

describe('fhir-kit-client', () => {
  let fixture: ClientFixture;
  let client: Client;

  beforeAll(async () => {
    fixture = await startForClients();
    client = new Client({ baseUrl: fixture.fhirUrl, bearerToken: fixture.token });
  });
  afterAll(() => fixture.stop());

  const create = async (resourceType: string, body: object, headers = {}): Promise<string> => {
    const created = await client.create({
      resourceType,
      body: { resourceType, ...body },
      options: { headers },
    });
    return String(created['id']);
  };

  it('creates, reads, replaces, patches and deletes', async () => {
    const resourceType = 'Patient';
    const id = await create(resourceType, { name: [{ family: 'Kit' }] });
    const read = await client.read({ resourceType, id });
    expect(read).toMatchObject({ id, name: [{ family: 'Kit' }], meta: { versionId: '1' } });

    const body = { resourceType, id, name: [{ family: 'Caboodle' }] };
    expect(await client.update({ resourceType, id, body })).toMatchObject({
      meta: { versionId: '2' },
    });
    const jsonPatch = [{ op: 'replace' as const, path: '/name/0/family', value: 'Patched' }];
    expect(await client.patch({ resourceType, id, jsonPatch })).toMatchObject({
      name: [{ family: 'Patched' }],
    });

    await client.delete({ resourceType, id });
    await expect(client.read({ resourceType, id })).rejects.toMatchObject(refusal(410, 'deleted'));
  });

  it('turns the pages of a search by their links', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1)
      ids.push(await create('Observation', observation('kit-page')));

    const found: string[] = [];
    let page: Promise<object> | undefined = client.search({
      resourceType: 'Observation',
      searchParams: { code: 'urn:clients|kit-page', _count: 2 },
    });
    let pages = 0;
    while (page) {
      const bundle = (await page) as Bundle;
      found.push(...(bundle.entry ?? []).map(({ resource }) => resource.id));
      pages += 1;
      page = client.nextPage({ bundle: bundle as never });
    }

    expect(found).toEqual(ids.toSorted());
    expect(pages).toBe(3);
  });

  it('searches by a form, and in a compartment', async () => {
    const patient = await create('Patient', {});
    const id = await create(
      'Observation',
      observation('kit-form', { subject: { reference: `Patient/${patient}` } }),
    );

    const form = await client.search({
      resourceType: 'Observation',
      searchParams: { patient, code: 'kit-form' },
      options: { postSearch: true },
    });
    const compartment = await client.search({
      resourceType: 'Observation',
      compartment: { resourceType: 'Patient', id: patient },
    });

    for (const bundle of [form, compartment] as unknown as Bundle[]) {
      expect(bundle.entry?.map(({ resource }) => resource.id)).toEqual([id]);
    }
  });

  it('sends a transaction and reads what it refers to', async () => {
    const body = patientWithObservation('kit-transaction') as FhirResource;
    const answer = (await client.transaction({ body })) as unknown as Bundle;
    const [patient, found] = (answer.entry ?? []).map(
      ({ response }) => /(\w+\/[^/]+)\/_history\/1$/.exec(response.location)?.[1] ?? '',
    );

    const stored = await client.resolve({ reference: found ?? '' });
    expect(stored).toMatchObject({ subject: { reference: patient } });
  });

  it('reads earlier versions and the history', async () => {
    const resourceType = 'Patient';
    const id = await create(resourceType, { gender: 'male' });
    await client.update({ resourceType, id, body: { resourceType, id, gender: 'female' } });

    expect(await client.vread({ resourceType, id, version: '1' })).toMatchObject({
      gender: 'male',
    });
    const history = (await client.history({ resourceType, id })) as unknown as Bundle;
    expect(history.entry?.map(({ resource }) => resource.meta.versionId)).toEqual(['2', '1']);
  });

  it('creates and replaces under a condition', async () => {
    const identifier = [{ system: 'urn:kit', value: 'one' }];
    const headers = { 'If-None-Exist': 'identifier=urn:kit|one' };
    const id = await create('Patient', { identifier }, headers);

    expect(await create('Patient', { identifier }, headers)).toBe(id);
    const updated = await client.update({
      resourceType: 'Patient',
      searchParams: { identifier: 'urn:kit|one' },
      body: { resourceType: 'Patient', identifier, gender: 'other' },
    });
    expect(updated).toMatchObject({ id, gender: 'other', meta: { versionId: '2' } });
  });

  it('knows what is denied, missing or invalid by its own errors', async () => {
    const resourceType = 'Patient';

    await expect(client.read({ resourceType: 'Basic', id: 'b' })).rejects.toMatchObject(
      refusal(403, 'forbidden'),
    );
    await expect(client.read({ resourceType, id: 'nobody' })).rejects.toMatchObject(
      refusal(404, 'not-found'),
    );
    await expect(create(resourceType, { nonsense: true })).rejects.toMatchObject({
      response: { status: 422 },
    });
  });

  it('finds out what the server can do', async () => {
    expect(await client.capabilityStatement()).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
    });
  });
});
