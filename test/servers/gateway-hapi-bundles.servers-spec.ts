import {
  addClient,
  asks,
  callAs,
  entriesOf,
  sendBundle,
  statusesOf,
  writes,
} from '../support/bundle-calls.js';
import { askHapi, HAPI_URL, ownMark } from '../support/hapi.js';
import { startTestApp, type Call, type TestApp } from '../support/test-app.js';

describe('the gateway before HAPI FHIR: Bundles, conditions and operations', () => {
  const mark = ownMark();
  const system = 'urn:test:gateway';
  let app: TestApp;

  const as = (client: string, method: string, path: string, call: Call = {}) =>
    callAs(app, client, method, path, call);
  const patient = (name: string, more: object = {}) => ({
    resourceType: 'Patient',
    identifier: [{ system, value: `${mark}${name}` }],
    ...more,
  });
  const isThere = async (id: string) => (await askHapi('GET', `/Patient/${id}`)).status === 200;
  const foundBy = async (name: string): Promise<readonly string[]> => {
    const { text } = await askHapi('GET', `/Patient?identifier=${system}%7C${mark}${name}`);
    const { entry = [] } = JSON.parse(text) as { entry?: { resource: { id: string } }[] };
    return entry.map(({ resource }) => resource.id);
  };

  beforeAll(async () => {
    app = await startTestApp({ FHIR_UPSTREAM_URL: HAPI_URL });
    await addClient(app, 'everything', [{ uri: '#/fhir' }]);
    await addClient(app, 'reader', [
      { operation: { id: { $enum: ['FhirTransaction', 'FhirRead'] } } },
    ]);
    await addClient(app, 'creator', [
      { operation: { id: { $enum: ['FhirTransaction', 'FhirRead', 'FhirCreate'] } } },
    ]);
    await app.put(`/fhir/Patient/${mark}known`, patient('known', { id: `${mark}known` }));
  });
  afterAll(() => app.stop());

  describe('of a transaction', () => {
    it('stores all of it, and answers with its own addresses', async () => {
      const reply = await sendBundle(
        app,
        'transaction',
        [
          {
            fullUrl: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a',
            ...writes('POST', 'Patient', patient('made')),
          },
          writes('PUT', `Observation/${mark}o1`, {
            resourceType: 'Observation',
            id: `${mark}o1`,
            status: 'final',
            code: { text: 'c' },
            subject: { reference: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a' },
          }),
          asks('GET', `Patient/${mark}known`),
        ],
        'everything',
      );

      expect(reply.status).toBe(200);
      expect(statusesOf(reply).map((status) => status.slice(0, 3))).toEqual(['201', '201', '200']);
      const [id] = await foundBy('made');
      expect(entriesOf(reply)[0]?.response.location).toContain(`Patient/${id}/_history/1`);
      expect(entriesOf(reply)[2]?.resource).toMatchObject({ id: `${mark}known` });
      expect(reply.text).not.toContain(HAPI_URL);
      const { text } = await askHapi('GET', `/Observation/${mark}o1`);
      expect(JSON.parse(text)).toMatchObject({ subject: { reference: `Patient/${id}` } });
    });

    it('refuses all of it for one entry that is denied', async () => {
      const entries = [
        asks('GET', `Patient/${mark}known`),
        writes('PUT', `Patient/${mark}denied`, patient('denied', { id: `${mark}denied` })),
      ];

      const reply = await sendBundle(app, 'transaction', entries, 'reader');

      expect(reply.status).toBe(403);
      expect(await isThere(`${mark}denied`)).toBe(false);
      expect((await sendBundle(app, 'transaction', entries, 'everything')).status).toBe(200);
      expect(await isThere(`${mark}denied`)).toBe(true);
    });

    it.each([
      ['another server', (to: string) => `${to}/Patient/x`],
      ['dot segments', () => 'Patient/../Observation/x'],
      ['encoded slashes', () => 'Patient%2Fx'],
      ['system resources', () => 'User/x'],
    ])('refuses an entry for %s', async (_what, url) => {
      const entries = [asks('GET', url(HAPI_URL)), writes('POST', 'Patient', patient('tricked'))];

      const reply = await sendBundle(app, 'transaction', entries, 'everything');

      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      expect(await foundBy('tricked')).toEqual([]);
    });
  });

  describe('of a batch', () => {
    it('denies its entries one by one, at their places', async () => {
      const reply = await sendBundle(
        app,
        'batch',
        [
          writes('PUT', `Patient/${mark}b1`, patient('b1', { id: `${mark}b1` })),
          asks('GET', `Patient/${mark}known`),
          asks('DELETE', `Patient/${mark}known`),
          asks('GET', `Patient/${mark}missing`),
        ],
        'reader',
      );

      expect(reply.status).toBe(200);
      expect(statusesOf(reply).map((status) => status.slice(0, 3))).toEqual([
        '403',
        '200',
        '403',
        '404',
      ]);
      expect(entriesOf(reply)[1]?.resource).toMatchObject({ id: `${mark}known` });
      expect(await isThere(`${mark}b1`)).toBe(false);
      expect(await isThere(`${mark}known`)).toBe(true);
    });
  });

  it('continues a search of a batch', async () => {
    const tag = [{ system, code: mark }];
    for (const id of [`${mark}s1`, `${mark}s2`]) {
      await app.put(`/fhir/Basic/${id}`, {
        ...{ resourceType: 'Basic', id, meta: { tag } },
        code: { text: 'c' },
      });
    }
    const url = `Basic?_tag=${system}|${mark}&_sort=_id&_count=1`;

    const reply = await sendBundle(app, 'batch', [asks('GET', url)], 'everything');

    const found = entriesOf(reply)[0]?.resource as unknown as {
      readonly entry: readonly { readonly fullUrl: string }[];
      readonly link: readonly { readonly relation: string; readonly url: string }[];
    };
    expect(found.entry.map(({ fullUrl }) => fullUrl)).toEqual([
      `${app.baseUrl}/fhir/Basic/${mark}s1`,
    ]);
    const next = found.link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next.startsWith(`${app.baseUrl}/fhir/Basic?`)).toBe(true);
    const second = await as('everything', 'GET', next.replace(app.baseUrl, ''));
    expect(second.json).toMatchObject({ entry: [{ resource: { id: `${mark}s2` } }] });
    expect((await as('reader', 'GET', next.replace(app.baseUrl, ''))).status).toBe(403);
  });

  describe('of conditions', () => {
    const create = (client: string, name: string) =>
      as(client, 'POST', '/fhir/Patient', {
        body: patient(name),
        headers: { 'if-none-exist': `identifier=${system}|${mark}${name}` },
      });

    it('creates what is not there, once', async () => {
      const first = await create('everything', 'once');
      const again = await create('everything', 'once');

      expect([first.status, again.status]).toEqual([201, 200]);
      expect(await foundBy('once')).toEqual([String(first.json?.['id'])]);
    });

    it('does not tell whether it is there to who may create only', async () => {
      expect((await create('creator', 'known')).status).toBe(403);
      expect((await create('creator', 'absent')).status).toBe(403);
      expect(await foundBy('absent')).toEqual([]);
    });

    it('updates and deletes by criteria', async () => {
      const path = `/fhir/Patient?identifier=${system}|${mark}crit`;

      const made = await as('everything', 'PUT', path, { body: patient('crit') });
      const changed = await as('everything', 'PUT', path, {
        body: patient('crit', { active: true }),
      });
      const denied = await as('creator', 'PUT', path, { body: patient('crit') });
      const kept = await as('creator', 'DELETE', path);

      expect([made.status, changed.status]).toEqual([201, 200]);
      expect([denied.status, kept.status]).toEqual([403, 403]);
      const [id, ...others] = await foundBy('crit');
      expect(others).toEqual([]);
      expect(String(id)).toBe(changed.json?.['id']);
      expect((await askHapi('GET', `/Patient/${id}`)).headers.get('etag')).toBe('W/"2"');

      expect((await as('everything', 'DELETE', path)).status).toBeLessThan(300);
      expect(await foundBy('crit')).toEqual([]);
    });
  });

  describe('of operations', () => {
    it('gives everything of a patient to who may have it', async () => {
      const path = `/fhir/Patient/${mark}known/$everything`;

      const reply = await as('everything', 'GET', path);

      expect(reply.status).toBe(200);
      expect(reply.text).toContain(`${app.baseUrl}/fhir/Patient/${mark}known`);
      expect(reply.text).not.toContain(HAPI_URL);
      expect((await as('reader', 'GET', path)).status).toBe(403);
    });

    it('keeps operations from who may only read', async () => {
      for (const path of ['/fhir/$export', '/fhir/$made-up', '/fhir/Patient/$export']) {
        expect((await as('reader', 'GET', path)).status).toBe(403);
      }
    });
  });
});
