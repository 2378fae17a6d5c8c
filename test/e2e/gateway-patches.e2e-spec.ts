import { callAs, sendBundle, statusesOf, writes } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';

/** FHIR R4, FHIRPath Patch. */
const activate = (value: boolean) => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: 'Patient.active' },
        { name: 'value', valueBoolean: value },
      ],
    },
  ],
});

describe('a FHIRPath Patch for the upstream', () => {
  let fixture: GatewayFixture;

  const patch = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    callAs(fixture.gateway, 'patcher', 'PATCH', path, {
      body: activate(true),
      headers: { 'content-type': 'application/fhir+json', ...headers },
    });
  const read = async (id: string) =>
    (await fixture.store.call('GET', `/fhir/Patient/${id}`, { asRoot: true })).json;

  beforeAll(async () => {
    fixture = await startGateway();
    await fixture.addClient('patcher', [
      { operation: { id: { $enum: ['FhirTransaction', 'FhirConditionalPatch', 'FhirSearch'] } } },
      {
        operation: { id: 'FhirPatch' },
        params: { 'resource/id': 'p1' },
        body: { resourceType: 'Parameters' },
      },
    ]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(async () => {
    for (const id of ['p1', 'secret']) {
      await fixture.store.put(`/fhir/Patient/${id}`, {
        resourceType: 'Patient',
        id,
        active: false,
      });
    }
    fixture.upstream.taken();
  });

  it.each([
    ['by the id', '/fhir/Patient/p1', '/fhir/Patient/secret'],
    ['by criteria', '/fhir/Patient?_id=p1', '/fhir/Patient?_id=secret'],
  ])('changes what may be changed, %s', async (_how, path, other) => {
    expect((await patch(path)).status).toBe(200);
    const sent = fixture.upstream.taken().at(-1);
    expect(sent).toMatchObject({ method: 'PATCH', url: '/fhir/Patient/p1' });
    expect(sent?.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    expect(JSON.parse(sent?.body ?? '')).toEqual(activate(true));
    expect(await read('p1')).toMatchObject({ active: true });

    expect((await patch(other)).status).toBe(403);
    expect(await read('secret')).toMatchObject({ active: false });
  });

  it('changes the version that it means', async () => {
    const { meta } = (await read('p1')) as unknown as { meta: { versionId: string } };
    const stale = String(Number(meta.versionId) - 1);

    expect((await patch('/fhir/Patient/p1', { 'if-match': `W/"${stale}"` })).status).toBe(412);
    expect(await read('p1')).toMatchObject({ active: false });
    const current = { 'if-match': `W/"${meta.versionId}"` };
    expect((await patch('/fhir/Patient/p1', current)).status).toBe(200);
    expect(await read('p1')).toMatchObject({ active: true });
  });

  it('is an entry of a Bundle as it is', async () => {
    const entries = [
      writes('PATCH', 'Patient/p1', activate(true)),
      writes('PATCH', 'Patient/secret', activate(true)),
    ];
    const reply = await sendBundle(fixture.gateway, 'batch', entries, 'patcher');
    const [sent] = fixture.upstream.taken();

    expect(statusesOf(reply)).toEqual(['200', '403']);
    expect((JSON.parse(sent?.body ?? '') as { entry: unknown }).entry).toEqual([
      { resource: activate(true), request: { method: 'PATCH', url: 'Patient/p1' } },
    ]);
    expect([await read('p1'), await read('secret')]).toMatchObject([
      { active: true },
      { active: false },
    ]);
  });
});
