import { callAs, sendBundle, statusesOf, writes, type SentEntry } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';

interface Sent {
  readonly entry: readonly {
    readonly fullUrl?: string;
    readonly resource?: Record<string, unknown>;
    readonly request: Readonly<Record<string, string>>;
  }[];
}

const URN = 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11';
const patient = (more: object) => ({ resourceType: 'Patient', ...more });
const observation = (reference: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
});

/** An upstream may have references lead elsewhere than the policies saw. */
describe('a reference for the upstream', () => {
  let fixture: GatewayFixture;

  const send = (type: 'batch' | 'transaction', ...entries: readonly SentEntry[]) =>
    sendBundle(fixture.gateway, type, entries, 'writer');
  const ask = (method: string, path: string, body: unknown, headers: object = {}) =>
    callAs(fixture.gateway, 'writer', method, path, { body, headers: { ...headers } });
  const bundleSent = () => {
    const sent = fixture.upstream.taken().find(({ url }) => url === '/fhir');
    return sent && { prefer: sent.headers['prefer'], ...(JSON.parse(sent.body) as Sent) };
  };

  beforeAll(async () => {
    fixture = await startGateway();
    await fixture.store.put('/fhir/Patient/p1', patient({ id: 'p1' }));
    await fixture.addClient('writer', [{}]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.taken();
  });

  it.each([
    '/Patient?name=x',
    'http://x.example/Patient?name=x',
    'Patient/?name=x',
    'patient?name=x',
  ])('names no criteria that were not understood: %s', async (reference) => {
    const entry = writes('POST', 'Observation', observation(reference));

    expect((await ask('POST', '/fhir/Observation', observation(reference))).status).toBe(400);
    expect(statusesOf(await send('batch', entry))).toEqual(['400']);
    expect((await send('transaction', entry)).status).toBe(400);
    expect(fixture.upstream.lines()).toEqual([]);
    const literal = writes('POST', 'Observation', observation('Patient/p1'));
    expect(statusesOf(await send('batch', literal))).toEqual(['201']);
  });

  it('is not made of another text of the resource', async () => {
    const patch = [{ op: 'copy', from: '/name/0/text', path: '/managingOrganization/reference' }];
    const resource = {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(JSON.stringify(patch)).toString('base64'),
    };
    const headers = { 'content-type': 'application/json-patch+json' };

    expect((await ask('PATCH', '/fhir/Patient/p1', patch, headers)).status).toBe(400);
    expect((await send('transaction', writes('PATCH', 'Patient/p1', resource))).status).toBe(400);
    expect(fixture.upstream.lines()).toEqual([]);
    const other = [{ op: 'copy', from: '/id', path: '/language' }];
    await ask('PATCH', '/fhir/Patient/p1', other, headers);
    expect(fixture.upstream.lines()).toEqual(['PATCH /fhir/Patient/p1']);
  });

  it('leads to no entry by the id that its resource brings, or by a relative URL', async () => {
    const created = { ...writes('POST', 'Patient', patient({ id: 'own', active: true })) };
    const referring = writes('POST', 'Observation', observation('Patient/own'));

    await send('transaction', { ...created, fullUrl: URN }, referring);
    expect(bundleSent()?.entry).toEqual([
      {
        fullUrl: URN,
        resource: patient({ active: true }),
        request: { method: 'POST', url: 'Patient' },
      },
      { resource: observation('Patient/own'), request: { method: 'POST', url: 'Observation' } },
    ]);
    const here = `${fixture.gateway.baseUrl}/fhir/Patient/own`;
    const behind = `${fixture.upstream.url}/fhir/Patient/own`;
    const query = 'http://x.example/fhir/Patient?x=own';
    for (const fullUrl of [here, behind, query, 'Patient/own', `${URN}/x`]) {
      const refused = await send('transaction', { ...created, fullUrl }, referring);
      expect(refused.status).toBe(400);
      expect(bundleSent()).toBeUndefined();
    }
  });

  it('leads to what is new by a URL elsewhere, which is a URN on its way', async () => {
    const base = 'http://x.example/fhir';
    const created = writes('POST', 'Patient', patient({ id: 'own' }));
    const referring = (reference: string) => ({
      ...writes('POST', 'Observation', {
        ...observation(reference),
        contained: [observation(reference)],
        note: [{ text: `${base}/Patient/own` }],
        instantiatesCanonical: `${base}/Patient/own`,
        text: { status: 'generated', div: `<div><a href="${base}/Patient/own">x</a></div>` },
        identifier: [{ system: 'urn:x', value: `${base}/Patient/own` }],
      }),
      fullUrl: `${base}/Observation/o1`,
    });
    const bundle = (reference: string) =>
      send('transaction', { ...created, fullUrl: `${base}/Patient/own` }, referring(reference));

    for (const reference of [`${base}/Patient/own`, 'Patient/own']) {
      await bundle(reference);
      const entries = bundleSent()?.entry ?? [];
      const [urn = '', another] = entries.map(({ fullUrl }) => fullUrl);
      expect(urn).toMatch(/^urn:uuid:[\da-f-]{36}$/);
      expect(another).toMatch(/^urn:uuid:/);
      const resources = entries.map(({ resource }) => resource);
      expect(resources[0]).toEqual(patient({}));
      expect(resources[1]).toEqual({
        ...observation(urn),
        contained: [observation(urn)],
        note: [{ text: `${base}/Patient/own` }],
        instantiatesCanonical: `${base}/Patient/own`,
        text: { status: 'generated', div: `<div><a href="${urn}">x</a></div>` },
        identifier: [{ system: 'urn:x', value: `${base}/Patient/own` }],
      });
    }
    await bundle(`${base}/Patient/own/_history/1`);
    expect(bundleSent()?.entry[1]?.resource).toMatchObject(
      observation(`${base}/Patient/own/_history/1`),
    );
  });

  it('by a URL elsewhere leads to what a condition has found', async () => {
    const fullUrl = 'http://x.example/fhir/Patient/own';
    const ifNoneExist = '_id=p1';
    const created = { ...writes('POST', 'Patient', patient({}), { ifNoneExist }), fullUrl };
    await send('transaction', created, writes('POST', 'Observation', observation(fullUrl)));

    expect(bundleSent()?.entry).toEqual([
      { resource: patient({}), request: { method: 'POST', url: 'Patient', ifNoneExist } },
      { resource: observation('Patient/p1'), request: { method: 'POST', url: 'Observation' } },
    ]);
  });

  it('is decided as it is sent', async () => {
    const bundle = { operation: { id: 'FhirTransaction' } };
    const create = { operation: { id: 'FhirCreate' } };
    const body = { subject: { reference: '#^(http://x\\.example/|Patient/p1$)' } };
    await fixture.addClient('sender', [
      bundle,
      { ...create, params: { 'resource/type': 'Patient' } },
      { ...create, params: { 'resource/type': 'Observation' }, body },
    ]);
    const fullUrl = 'http://x.example/fhir/Patient/own';
    const created = { ...writes('POST', 'Patient', patient({})), fullUrl };
    const ofPatient = (reference: string) => writes('POST', 'Observation', observation(reference));
    const sendAs = (...entries: readonly SentEntry[]) =>
      sendBundle(fixture.gateway, 'transaction', entries, 'sender');

    expect((await sendAs(created, ofPatient(fullUrl))).status).toBe(403);
    expect(bundleSent()).toBeUndefined();
    expect((await sendAs(created, ofPatient('Patient/p1'))).status).toBe(200);
  });

  it('leads to what exists by its own address only', async () => {
    const fullUrl = 'http://x.example/fhir/Patient/own';
    const known = writes('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const referring = writes('POST', 'Observation', observation(fullUrl));

    await send('transaction', { ...known, fullUrl }, referring);
    expect(bundleSent()?.entry).toEqual([
      { resource: patient({ id: 'p1' }), request: { method: 'PUT', url: 'Patient/p1' } },
      { resource: observation('Patient/p1'), request: { method: 'POST', url: 'Observation' } },
    ]);
  });

  it('is not looked for leniently: what searches is told to be strict', async () => {
    const headers = { 'if-none-exist': 'identifier=urn:x|1', prefer: 'return=minimal' };
    await ask('POST', '/fhir/Patient', patient({}), headers);
    const [, created] = fixture.upstream.taken();

    expect(created?.headers['prefer']).toBe('return=minimal, handling=strict');
    await send('batch', writes('POST', 'Patient', patient({})));
    expect(bundleSent()?.prefer).toBe('handling=strict');
  });

  it('is not what a precondition of an entry is read as', async () => {
    const entry = (ifMatch: string) =>
      writes('PUT', 'Patient/p1', patient({ id: 'p1' }), { ifMatch });
    const criteria = 'Patient?identifier=urn:x|secret';

    expect(statusesOf(await send('batch', entry(criteria)))).toEqual(['400']);
    const headers = { 'if-match': criteria };
    expect((await ask('PUT', '/fhir/Patient/p1', patient({}), headers)).status).toBe(400);
    expect(fixture.upstream.lines()).toEqual([]);
    await send('batch', entry('W/"1"'));
    expect(bundleSent()?.entry[0]?.request['ifMatch']).toBe('W/"1"');
  });
});
