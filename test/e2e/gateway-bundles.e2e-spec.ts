import {
  asks,
  entriesOf,
  sendBundle,
  statusesOf,
  writes,
  type SentEntry,
} from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';

interface Sent {
  readonly type: string;
  readonly entry: readonly { readonly resource?: unknown; readonly request: object }[];
}

const patient = (more: object) => ({ resourceType: 'Patient', ...more });
const operation = (id: string, type: string, more: object = {}) => ({
  operation: { id },
  params: { 'resource/type': type, ...more },
});

describe('a Bundle for the upstream', () => {
  let fixture: GatewayFixture;

  const send = (type: 'batch' | 'transaction', entries: readonly SentEntry[], client: string) =>
    sendBundle(fixture.gateway, type, entries, client);
  const bundlesSent = () =>
    fixture.upstream
      .taken()
      .filter(({ method, url }) => method === 'POST' && url === '/fhir')
      .map(({ body }) => JSON.parse(body) as Sent);
  const versionOf = async (path: string) =>
    (await fixture.store.call('GET', path, { asRoot: true })).headers.get('etag');

  beforeAll(async () => {
    fixture = await startGateway();
    const { store } = fixture;
    for (const id of ['p1', 'p2', 'secret']) {
      const identifier = [{ system: 'urn:x', value: id }];
      await store.put(`/fhir/Patient/${id}`, patient({ id, identifier }));
    }
    await store.put('/fhir/Bundle/stored', {
      resourceType: 'Bundle',
      id: 'stored',
      type: 'searchset',
      link: [{ relation: 'next', url: `${fixture.upstream.url}/fhir/Patient/secret` }],
    });
    const bundle = { operation: { id: 'FhirTransaction' } };
    await fixture.addClient('reader', [
      bundle,
      operation('FhirRead', 'Patient', { 'resource/id': 'p1' }),
      operation('FhirSearch', 'Patient', { active: 'true' }),
      operation('FhirRead', 'Bundle'),
    ]);
    await fixture.addClient('writer', [
      bundle,
      operation('FhirSearch', 'Patient'),
      operation('FhirCreate', 'Patient'),
      operation('FhirConditionalUpdate', 'Patient'),
      operation('FhirUpdate', 'Patient', { 'resource/id': 'p1' }),
      operation('FhirDelete', 'Patient', { 'resource/id': 'p1' }),
      {
        ...operation('FhirCreate', 'Observation'),
        $not: { body: { subject: { reference: 'Patient/secret' } } },
      },
    ]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.taken();
  });

  it('goes without the entries of a batch that are denied, whose answers stand at their places', async () => {
    const reply = await send(
      'batch',
      [
        asks('GET', 'Patient/secret'),
        asks('GET', 'Patient/p1'),
        asks('DELETE', 'Patient/p1'),
        asks('GET', 'User/admin'),
        asks('GET', 'Patient/p1'),
        asks('GET', 'Patient?active=false'),
      ],
      'reader',
    );
    const [sent] = bundlesSent();

    expect(statusesOf(reply)).toEqual(['403', '200', '403', '404', '200', '403']);
    expect(entriesOf(reply)[1]?.resource?.['id']).toBe('p1');
    expect(entriesOf(reply)[4]?.resource?.['id']).toBe('p1');
    expect(sent).toEqual({
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: 'Patient/p1' } },
        { request: { method: 'GET', url: 'Patient/p1' } },
      ],
    });
  });

  it('stays here where nothing of it is allowed', async () => {
    const reply = await send('batch', [asks('GET', 'Patient/secret')], 'reader');

    expect(statusesOf(reply)).toEqual(['403']);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('is refused whole where an entry of a transaction is denied', async () => {
    const entries = [writes('POST', 'Patient', patient({})), asks('DELETE', 'Patient/p2')];
    const reply = await send('transaction', entries, 'writer');

    expect(reply.status).toBe(403);
    expect(fixture.upstream.lines()).toEqual([]);
    const allowed = await send('transaction', [writes('POST', 'Patient', patient({}))], 'writer');
    expect(statusesOf(allowed)).toEqual(['201']);
    expect(entriesOf(allowed)[0]?.response.location).toMatch(
      new RegExp(`^(?:${fixture.gateway.baseUrl}/fhir/)?Patient/`),
    );
  });

  it('is made anew of what was understood, numbers as they were written', async () => {
    const text = `{"resourceType":"Bundle","type":"batch","id":"x","foo":1,"entry":[{"search":{"mode":"match"},
      "link":[{"relation":"a","url":"b"}],"response":{"status":"200"},
      "resource":{"resourceType":"Patient","id":"new","multipleBirthInteger":1,"multipleBirthInteger":2,
      "extension":[{"url":"urn:e","valueDecimal":1.50}]},
      "request":{"method":"PUT","url":"/fhir/Patient/new","ifNoneMatchX":"y"}}]}`;
    const reply = await fixture.gateway.call('POST', '/fhir', {
      body: text,
      asRoot: true,
      headers: { 'content-type': 'application/fhir+json' },
    });
    const [sent] = fixture.upstream.taken();

    expect(statusesOf(reply)).toEqual(['201']);
    expect(sent?.body).toBe(
      '{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"new",' +
        '"multipleBirthInteger":2,"extension":[{"url":"urn:e","valueDecimal":1.50}]},' +
        '"request":{"method":"PUT","url":"Patient/new"}}]}',
    );
  });

  it.each([
    'http://elsewhere.example/fhir/Patient/p1',
    '//elsewhere.example/fhir/Patient/p1',
    'Patient/../User/admin',
    'Patient/%2e%2e/User/admin',
    'Patient%2Fp1',
    'Patient/p1/',
    'Patient/p1/$everything',
    '$reindex',
    'Patient/p1?_page=x',
    '../admin',
    'Patient\\p1',
    'Patient/p1#x',
    'Patient/p1;x=y',
    'metadata',
    '',
  ])('has no entry with the URL %s', async (url) => {
    const reply = await sendBundle(fixture.gateway, 'batch', [asks('GET', url)]);

    expect(['400', '404']).toContain(statusesOf(reply)[0]);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('changes by criteria what they pick, if that may be changed', async () => {
    const entry = (value: string) =>
      writes('PUT', `Patient?identifier=urn:x|${value}`, patient({ active: true }));
    const reply = await send('batch', [entry('p1'), entry('secret')], 'writer');
    const [sent] = bundlesSent();

    expect(statusesOf(reply)).toEqual(['200', '403']);
    expect(sent?.entry.map(({ request }) => request)).toEqual([
      { method: 'PUT', url: 'Patient/p1', ifMatch: expect.stringMatching(/^W\/"\d+"$/) as unknown },
    ]);
    expect(await versionOf('/fhir/Patient/secret')).toBe('W/"1"');
  });

  it('is decided by where its conditional references lead', async () => {
    const observation = (reference: string) =>
      writes('POST', 'Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        subject: { reference },
      });
    const allowed = await send(
      'transaction',
      [observation('Patient?identifier=urn:x|p2')],
      'writer',
    );
    expect(statusesOf(allowed)).toEqual(['201']);
    expect(bundlesSent()[0]?.entry[0]?.resource).toMatchObject({
      subject: { reference: 'Patient/p2' },
    });

    const refused = await send(
      'transaction',
      [observation('Patient?identifier=urn:x|secret')],
      'writer',
    );
    expect(refused.status).toBe(403);
    expect(bundlesSent()).toEqual([]);
  });

  it('is decided by where the fullUrl of a conditional create leads', async () => {
    const urn = 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11';
    const entries = (value: string) => [
      {
        ...writes('POST', 'Patient', patient({}), { ifNoneExist: `identifier=urn:x|${value}` }),
        fullUrl: urn,
      },
      writes('POST', 'Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: urn },
      }),
    ];
    expect((await send('transaction', entries('secret'), 'writer')).status).toBe(403);
    expect(bundlesSent()).toEqual([]);
    expect((await send('transaction', entries('p2'), 'writer')).status).toBe(200);
    expect(bundlesSent()[0]?.entry[1]?.resource).toMatchObject({
      subject: { reference: 'Patient/p2' },
    });
  });

  it('has pages of its searches that are bound to them', async () => {
    const reply = await send('batch', [asks('GET', 'Patient?active=true&_count=0')], 'reader');
    expect(statusesOf(reply)).toEqual(['200']);
    await fixture.store.put('/fhir/Patient/p2', patient({ id: 'p2', active: true }));
    await fixture.store.put('/fhir/Patient/p1', patient({ id: 'p1', active: true }));
    const paged = await send(
      'batch',
      [asks('GET', 'Patient/secret'), asks('GET', 'Patient?active=true&_count=1')],
      'reader',
    );
    const links = entriesOf(paged)[1]?.resource?.['link'] as { relation: string; url: string }[];
    const next = links.find(({ relation }) => relation === 'next')?.url ?? '';

    expect(
      next.startsWith(`${fixture.gateway.baseUrl}/fhir/Patient?active=true&_count=1&_page=`),
    ).toBe(true);
  });

  it('leaves the links of a Bundle that was stored as they are', async () => {
    const reply = await send('batch', [asks('GET', 'Bundle/stored')], 'reader');

    expect(entriesOf(reply)[0]?.resource?.['link']).toEqual([
      { relation: 'next', url: `${fixture.upstream.url}/fhir/Patient/secret` },
    ]);
  });
});
