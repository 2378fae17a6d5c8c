import { CLIENT_SECRET } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';
import { basic, type Reply } from '../support/test-app.js';

const searchOf = (type: string, more: object = {}) => ({
  operation: { id: 'FhirSearch' },
  params: { 'resource/type': type, ...more },
});

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
}

const entriesOf = ({ json }: Reply) => (json?.['entry'] ?? []) as readonly Entry[];

const idsOf = (reply: Reply) =>
  entriesOf(reply)
    .map(({ resource }) => `${resource.resourceType}/${resource.id}`)
    .sort();

const linkOf = ({ json }: Reply, relation: string) =>
  ((json?.['link'] ?? []) as { relation: string; url: string }[]).find(
    (link) => link.relation === relation,
  )?.url;

describe('a search of the upstream', () => {
  let fixture: GatewayFixture;

  const headers = (client: string) => ({ authorization: basic(client, CLIENT_SECRET) });
  const get = (path: string, client: string) =>
    fixture.gateway.call('GET', path, { headers: headers(client) });
  const follow = (url: string, client: string) =>
    get(url.replace(fixture.gateway.baseUrl, ''), client);

  beforeAll(async () => {
    fixture = await startGateway({
      WARDGATE_UPSTREAM_SEARCH_PARAMETERS: 'Patient.race:token,Patient.kit:reference:Device',
    });
    const { store } = fixture;
    for (const id of ['p1', 'p2', 'p3']) {
      await store.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id, active: true });
    }
    await store.put('/fhir/Observation/o1', {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/p1' },
    });
    await fixture.addClient('patients', [searchOf('Patient')]);
    await fixture.addClient('others', [searchOf('Patient')]);
    await fixture.addClient('both', [searchOf('Patient'), searchOf('Observation')]);
    await fixture.addClient('history', [{ operation: { id: 'FhirHistoryType' } }]);
    await fixture.addClient('all-history', [{ operation: { id: 'FhirHistorySystem' } }]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.taken();
  });

  it('is sent as it was understood, strictly, and answered with the addresses of the gateway', async () => {
    const reply = await get('/fhir/Patient?_id=p1,p2&active=true&_format=json', 'patients');
    const [sent] = fixture.upstream.taken();

    expect(idsOf(reply)).toEqual(['Patient/p1', 'Patient/p2']);
    expect(entriesOf(reply)[0]?.fullUrl).toBe(`${fixture.gateway.baseUrl}/fhir/Patient/p1`);
    expect(sent).toMatchObject({ method: 'GET', url: '/fhir/Patient?_id=p1%2Cp2&active=true' });
    expect(sent?.headers['prefer']).toBe('handling=strict');
    expect(sent?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    '/fhir/Patient?colour=blue',
    '/fhir/Patient?_after=x',
    '/fhir/Patient?name=',
    '/fhir/Patient?_include=Patient:*',
    '/fhir/Patient?_include=*',
    '/fhir/Patient?_revinclude=*',
    '/fhir/User',
  ])('is not sent where it is not understood: %s', async (path) => {
    expect([400, 403]).toContain((await get(path, 'patients')).status);
    expect((await fixture.gateway.call('GET', path, { asRoot: true })).status).not.toBe(502);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('takes the parameters that the operator has named, of their types', async () => {
    await get('/fhir/Patient?race=a,b', 'patients');
    expect(fixture.upstream.lines()).toEqual(['GET /fhir/Patient?race=a%2Cb']);
    expect((await get('/fhir/Observation?race=a', 'both')).status).toBe(400);
    expect((await get('/fhir/Patient?race:exact=a', 'patients')).status).toBe(400);
    expect((await get('/fhir/Patient?kit.model=x', 'patients')).status).toBe(403);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('is decided for what it reaches, and sent only then', async () => {
    const path = '/fhir/Observation?_include=Observation:patient';

    expect(idsOf(await get(path, 'both'))).toEqual(['Observation/o1', 'Patient/p1']);
    expect(fixture.upstream.lines()).toEqual([
      'GET /fhir/Observation?_include=Observation%3Apatient',
    ]);
    expect((await get('/fhir/Patient?_revinclude=Observation:patient', 'patients')).status).toBe(
      403,
    );
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('may be sent as a form, by GET where it is short and as a form where it is long', async () => {
    const search = (body: string) =>
      fixture.gateway.call('POST', '/fhir/Patient/_search', {
        body,
        headers: { ...headers('patients'), 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect(idsOf(await search('_id=p2'))).toEqual(['Patient/p2']);
    expect(fixture.upstream.lines()).toEqual(['GET /fhir/Patient?_id=p2']);
    const many = Array.from({ length: 90 }, (_, at) => `an-id-that-is-rather-long-${at}`);
    expect(idsOf(await search(`_id=p3,${many.join(',')}`))).toEqual(['Patient/p3']);
    expect(fixture.upstream.lines()).toEqual(['POST /fhir/Patient/_search']);
  });

  describe('that has several pages', () => {
    const FIRST = '/fhir/Patient?_count=1&active=true';

    it('continues under its own path and parameters', async () => {
      const first = await get(FIRST, 'patients');
      const next = linkOf(first, 'next') ?? '';

      expect(linkOf(first, 'self')).toBe(`${fixture.gateway.baseUrl}${FIRST}`);
      expect(next.startsWith(`${fixture.gateway.baseUrl}${FIRST}&_page=`)).toBe(true);
      const second = await follow(next, 'patients');
      const third = await follow(linkOf(second, 'next') ?? '', 'patients');
      expect([first, second, third].map(idsOf)).toEqual([
        ['Patient/p1'],
        ['Patient/p2'],
        ['Patient/p3'],
      ]);
      expect(linkOf(third, 'next')).toBeUndefined();
    });

    it('keeps the pages of one caller from others', async () => {
      const next = linkOf(await get(FIRST, 'patients'), 'next') ?? '';
      fixture.upstream.taken();

      expect((await follow(next, 'others')).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([]);
      expect((await follow(next, 'patients')).status).toBe(200);
    });

    it.each([
      ['another parameter', (url: string) => url.replace('active=true', 'active=false')],
      ['one parameter less', (url: string) => url.replace('&active=true', '')],
      ['another path', (url: string) => url.replace('/Patient?', '/Patient/_history?')],
      ['another type', (url: string) => url.replace('/Patient?', '/Observation?')],
      [
        'a seal that was altered',
        (url: string) => url.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
      ],
      ['two seals', (url: string) => `${url}&_page=x`],
    ])('does not open with %s', async (_, change) => {
      const next = linkOf(await get(FIRST, 'both'), 'next') ?? '';
      fixture.upstream.taken();
      const reply = await fixture.gateway.call(
        'GET',
        change(next).replace(fixture.gateway.baseUrl, ''),
        { headers: headers('both') },
      );

      expect([400, 403]).toContain(reply.status);
      expect(fixture.upstream.lines()).toEqual([]);
    });

    it('is decided anew on each page', async () => {
      await fixture.addClient('leaving', [searchOf('Patient')]);
      const next = linkOf(await get(FIRST, 'leaving'), 'next') ?? '';
      await fixture.gateway.call('DELETE', '/fhir/AccessPolicy/leaving-0', { asRoot: true });
      fixture.upstream.taken();

      expect((await follow(next, 'leaving')).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([]);
    });
  });

  it('has a history of the type', async () => {
    const reply = await get('/fhir/Patient/_history?_count=2', 'history');

    expect(idsOf(reply)).toHaveLength(2);
    expect(linkOf(reply, 'next')).toContain('/fhir/Patient/_history?_count=2&_page=');
    expect((await get('/fhir/Patient/_history?_at=2020', 'history')).status).toBe(400);
  });

  it('has a history of everything, page by page', async () => {
    const first = await get('/fhir/_history?_count=3', 'all-history');
    const [sent] = fixture.upstream.lines();
    const second = await follow(linkOf(first, 'next') ?? '', 'all-history');

    expect(sent).toBe('GET /fhir/_history?_count=3');
    expect(idsOf(first)).toEqual(['Observation/o1', 'Patient/p2', 'Patient/p3']);
    expect(linkOf(first, 'next')).toContain(
      `${fixture.gateway.baseUrl}/fhir/_history?_count=3&_page=`,
    );
    expect(idsOf(second)).toEqual(['Patient/p1']);
    expect((await get('/fhir/_history?_since=2100-01-01', 'all-history')).status).toBe(200);
  });

  it.each([
    ['/fhir/_history', 'history', 403],
    ['/fhir/_history', 'both', 403],
    ['/fhir/Patient/_history', 'all-history', 403],
    ['/fhir/_history?_type=Patient', 'all-history', 400],
    ['/fhir/_history?_after=1:Patient:p1:1', 'all-history', 400],
    ['/fhir/_history?_since=yesterday', 'all-history', 400],
  ])('has no history of everything for %s by %s', async (path, client, status) => {
    expect((await get(path, client)).status).toBe(status);
    expect(fixture.upstream.lines()).toEqual([]);
  });
});
