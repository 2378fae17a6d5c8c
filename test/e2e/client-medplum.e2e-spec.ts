import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import {
  observation,
  patientWithObservation,
  startForClients,
  type ClientFixture,
} from '../support/client-fixture.js';

interface Created {
  readonly id: string;
}

/** As much as is used of it; its own types need those of all resources. */
interface Client {
  createResource(resource: object): Promise<Created>;
  readResource(type: string, id: string): Promise<object>;
  readVersion(type: string, id: string, version: string): Promise<object>;
  readHistory(type: string, id: string): Promise<Bundle>;
  updateResource(resource: object): Promise<object>;
  patchResource(type: string, id: string, operations: readonly object[]): Promise<object>;
  deleteResource(type: string, id: string): Promise<unknown>;
  createResourceIfNoneExist(resource: object, criteria: string): Promise<Created>;
  upsertResource(resource: object, criteria: string): Promise<object>;
  executeBatch(bundle: object): Promise<Bundle>;
  searchOne(type: string, query: object): Promise<Created | undefined>;
  searchResources(type: string, query: object): Promise<readonly object[]>;
  searchResourcePages(type: string, query: object): AsyncGenerator<readonly Created[]>;
}

interface Bundle {
  readonly entry: readonly {
    readonly resource: { readonly meta: { readonly versionId: string } };
    readonly response: { readonly status: string };
  }[];
}

/** What the client throws for an answer that is none of success. */
const outcome = (code: string) => ({
  outcome: { resourceType: 'OperationOutcome', issue: [{ code }] },
});

describe('MedplumClient', () => {
  let fixture: ClientFixture;
  let client: Client;

  beforeAll(async () => {
    fixture = await startForClients();
    client = new MedplumClient({
      baseUrl: fixture.app.baseUrl,
      fhirUrlPath: 'fhir',
      accessToken: fixture.token,
      fetch,
      // What it remembers would hide what the server answers.
      resourceCacheSize: 0,
      cacheTime: 0,
    }) as unknown as Client;
  });
  afterAll(() => fixture.stop());

  it('creates, reads, replaces, patches and deletes', async () => {
    const { id } = await client.createResource({
      resourceType: 'Patient',
      name: [{ family: 'Plum' }],
    });
    expect(await client.readResource('Patient', id)).toMatchObject({ meta: { versionId: '1' } });

    const replaced = { resourceType: 'Patient', id, name: [{ family: 'Plummer' }] };
    expect(await client.updateResource(replaced)).toMatchObject({
      meta: { versionId: '2' },
    });
    expect(
      await client.patchResource('Patient', id, [
        { op: 'replace', path: '/name/0/family', value: 'Patched' },
      ]),
    ).toMatchObject({ name: [{ family: 'Patched' }] });

    await client.deleteResource('Patient', id);
    await expect(client.readResource('Patient', id)).rejects.toMatchObject(outcome('deleted'));
  });

  it('turns the pages of a search by their links', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1)
      ids.push((await client.createResource(observation('plum-page'))).id);

    const pages: string[][] = [];
    for await (const page of client.searchResourcePages('Observation', {
      code: 'urn:clients|plum-page',
      _count: 2,
    })) {
      pages.push(page.map(({ id }) => id));
    }

    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(ids.toSorted());
  });

  it('sends a transaction', async () => {
    const answer = await client.executeBatch(patientWithObservation('plum-transaction'));

    const statuses = answer.entry.map(({ response }) => response.status.slice(0, 3));
    expect(statuses).toEqual(['201', '201']);
    const patient = await client.searchOne('Patient', { family: 'plum-transaction' });
    const found = await client.searchResources('Observation', {
      subject: `Patient/${patient?.id ?? ''}`,
    });
    // The array that it answers has a Bundle for a property, too.
    expect([...found]).toMatchObject([{ code: { coding: [{ code: 'plum-transaction' }] } }]);
  });

  it('reads earlier versions and the history', async () => {
    const { id } = await client.createResource({ resourceType: 'Patient', gender: 'male' });
    await client.updateResource({ resourceType: 'Patient', id, gender: 'female' });

    expect(await client.readVersion('Patient', id, '1')).toMatchObject({ gender: 'male' });
    const history = await client.readHistory('Patient', id);
    expect(history.entry.map(({ resource }) => resource.meta.versionId)).toEqual(['2', '1']);
  });

  it('creates and replaces under a condition', async () => {
    const patient = {
      resourceType: 'Patient' as const,
      identifier: [{ system: 'urn:plum', value: 'one' }],
    };
    const criteria = 'identifier=urn:plum|one';
    const first = await client.createResourceIfNoneExist(patient, criteria);

    expect(await client.createResourceIfNoneExist(patient, criteria)).toMatchObject({
      id: first.id,
    });
    expect(
      await client.upsertResource({ ...patient, gender: 'other' as const }, criteria),
    ).toMatchObject({ id: first.id, gender: 'other', meta: { versionId: '2' } });
  });

  it('knows what is denied, missing or invalid by its own errors', async () => {
    await expect(client.readResource('Basic', 'b')).rejects.toMatchObject(outcome('forbidden'));
    await expect(client.readResource('Patient', 'nobody')).rejects.toMatchObject(
      outcome('not-found'),
    );
    await expect(
      client.createResource({ resourceType: 'Patient', nonsense: true }),
    ).rejects.toMatchObject({
      outcome: { resourceType: 'OperationOutcome' },
    });
  });
});
