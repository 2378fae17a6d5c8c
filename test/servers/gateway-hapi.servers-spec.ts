import { addClient, callAs } from '../support/bundle-calls.js';
import { askHapi, HAPI_URL, ownMark } from '../support/hapi.js';
import { startTestApp, type Call, type Reply, type TestApp } from '../support/test-app.js';

interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
}

const idsOf = ({ json }: Reply): readonly string[] =>
  ((json?.['entry'] ?? []) as readonly BundleEntry[]).map(
    ({ resource }) => `${resource.resourceType}/${resource.id}`,
  );
const linkOf = ({ json }: Reply, relation: string): string | undefined =>
  ((json?.['link'] ?? []) as readonly { relation: string; url: string }[]).find(
    (link) => link.relation === relation,
  )?.url;

describe('the gateway before HAPI FHIR: resources and searches', () => {
  const mark = ownMark();
  const patient = `${mark}p1`;
  const tag = [{ system: 'urn:test', code: mark }];
  let app: TestApp;

  const as = (client: string, method: string, path: string, call: Call = {}) =>
    callAs(app, client, method, path, call);
  /** A link of an answer, followed as it was given. */
  const follow = (client: string, url: string | undefined) =>
    as(client, 'GET', (url ?? '').replace(app.baseUrl, ''));

  beforeAll(async () => {
    app = await startTestApp({ FHIR_UPSTREAM_URL: HAPI_URL });
    await addClient(app, 'nobody', []);
    await addClient(app, 'observations', [
      {
        operation: { id: 'FhirSearch' },
        params: { 'resource/type': 'Observation', _tag: `urn:test|${mark}` },
      },
    ]);
    await addClient(app, 'everything', [{ uri: '#/fhir' }]);
    await app.put(`/fhir/Patient/${patient}`, {
      resourceType: 'Patient',
      id: patient,
      meta: { tag },
      name: [{ family: 'Chalmers' }],
    });
    for (const n of [1, 2, 3, 4, 5]) {
      await app.put(`/fhir/Observation/${mark}o${n}`, {
        resourceType: 'Observation',
        id: `${mark}o${n}`,
        meta: { tag },
        status: 'final',
        code: { text: 'c' },
        subject: { reference: `Patient/${patient}` },
      });
    }
  });
  afterAll(() => app.stop());

  describe('of one resource', () => {
    it('reads it as HAPI has it, under its own address', async () => {
      const direct = await askHapi('GET', `/Patient/${patient}`);
      const reply = await as('everything', 'GET', `/fhir/Patient/${patient}`);

      expect(reply.status).toBe(200);
      expect(reply.text).toBe(direct.text);
      expect(reply.headers.get('etag')).toBe('W/"1"');
      expect(reply.headers.get('last-modified')).toBe(direct.headers.get('last-modified'));
      expect(reply.headers.get('content-location') ?? app.baseUrl).toContain(app.baseUrl);
      expect(reply.headers.get('x-powered-by')).toBeNull();
    });

    it('denies what no policy allows, and HAPI is not changed', async () => {
      const body = { resourceType: 'Patient', id: patient, active: true };

      expect((await as('nobody', 'GET', `/fhir/Patient/${patient}`)).status).toBe(403);
      expect((await as('nobody', 'PUT', `/fhir/Patient/${patient}`, { body })).status).toBe(403);
      expect((await as('nobody', 'DELETE', `/fhir/Patient/${patient}`)).status).toBe(403);
      expect((await app.call('GET', `/fhir/Patient/${patient}`)).status).toBe(401);
      expect((await askHapi('GET', `/Patient/${patient}`)).headers.get('etag')).toBe('W/"1"');
    });

    it('creates, updates, patches, deletes, and reads versions', async () => {
      const created = await as('everything', 'POST', '/fhir/Patient', {
        body: { resourceType: 'Patient', meta: { tag } },
      });
      expect(created.status).toBe(201);
      const location = created.headers.get('location') ?? '';
      expect(location).toMatch(new RegExp(`^${app.baseUrl}/fhir/Patient/[^/]+/_history/1$`));
      const id = String(created.json?.['id']);
      const path = `/fhir/Patient/${id}`;

      const updated = await as('everything', 'PUT', path, {
        body: { resourceType: 'Patient', id, meta: { tag }, active: true },
        headers: { 'if-match': 'W/"1"' },
      });
      const patched = await as('everything', 'PATCH', path, {
        body: [{ op: 'replace', path: '/active', value: false }],
        headers: { 'content-type': 'application/json-patch+json' },
      });
      expect([updated.status, patched.status]).toEqual([200, 200]);
      expect(patched.json).toMatchObject({ id, active: false, meta: { versionId: '3' } });

      const second = await as('everything', 'GET', `${path}/_history/2`);
      expect(second.json).toMatchObject({ id, active: true, meta: { versionId: '2' } });
      const history = await as('everything', 'GET', `${path}/_history`);
      expect(idsOf(history)).toEqual(Array.from({ length: 3 }, () => `Patient/${id}`));
      for (const { fullUrl } of history.json?.['entry'] as readonly BundleEntry[]) {
        expect(fullUrl).toContain(`${app.baseUrl}/fhir/Patient/${id}`);
      }

      expect((await as('everything', 'DELETE', path)).status).toBeLessThan(300);
      expect((await as('everything', 'GET', path)).status).toBe(410);
    });

    it('passes preconditions on', async () => {
      const path = `/fhir/Patient/${patient}`;
      const body = { resourceType: 'Patient', id: patient };

      const known = await as('everything', 'GET', path, { headers: { 'if-none-match': 'W/"1"' } });
      const stale = await as('everything', 'PUT', path, { body, headers: { 'if-match': 'W/"7"' } });

      expect(known.status).toBe(304);
      expect(stale.status).toBe(409);
      expect((await askHapi('GET', `/Patient/${patient}`)).headers.get('etag')).toBe('W/"1"');
    });
  });

  describe('of searches', () => {
    const search = (more = '') => `/fhir/Observation?_tag=urn:test%7C${mark}&_sort=_id${more}`;
    const all = [1, 2, 3, 4, 5].map((n) => `Observation/${mark}o${n}`);

    it('finds exactly what HAPI finds, with links to itself', async () => {
      const reply = await as('observations', 'GET', search());

      expect(idsOf(reply)).toEqual(all);
      expect(reply.text).not.toContain(HAPI_URL);
      expect((reply.json?.['entry'] as readonly BundleEntry[])[0]?.fullUrl).toBe(
        `${app.baseUrl}/fhir/Observation/${mark}o1`,
      );
    });

    it('denies what the policy does not name', async () => {
      expect((await as('observations', 'GET', '/fhir/Observation')).status).toBe(403);
      expect((await as('observations', 'GET', '/fhir/Patient')).status).toBe(403);
    });

    it('goes from page to page', async () => {
      const first = await as('observations', 'GET', search('&_count=2'));
      const second = await follow('observations', linkOf(first, 'next'));
      const third = await follow('observations', linkOf(second, 'next'));

      expect([first, second, third].map(idsOf)).toEqual([
        all.slice(0, 2),
        all.slice(2, 4),
        all.slice(4),
      ]);
      expect(linkOf(third, 'next')).toBeUndefined();
      expect([first, second, third].map(({ text }) => text).join()).not.toContain(HAPI_URL);
    });

    it('keeps a page to who was given it', async () => {
      const first = await as('observations', 'GET', search('&_count=2'));

      const stolen = await follow('everything', linkOf(first, 'next'));

      expect(stolen.status).toBe(403);
      expect((await follow('observations', linkOf(first, 'next'))).status).toBe(200);
    });

    it("refuses HAPI's own pages", async () => {
      const direct = await askHapi('GET', `/Observation?_tag=urn:test%7C${mark}&_count=2`);
      const [, id] = /_getpages=([0-9a-f-]+)/.exec(direct.text) ?? [];

      const page = `?_getpages=${id}&_getpagesoffset=2&_count=2&_bundletype=searchset`;
      expect((await askHapi('GET', page)).status).toBe(200);
      expect((await as('everything', 'GET', `/fhir${page}`)).status).toBe(400);
      expect((await as('observations', 'GET', `/fhir${page}`)).status).not.toBe(200);
    });

    it('includes other types only for who may search them too', async () => {
      const path = search('&_include=Observation:subject');

      const denied = await as('observations', 'GET', path);
      const allowed = await as('everything', 'GET', path);

      expect(denied.status).toBe(403);
      expect(idsOf(allowed).toSorted()).toEqual([...all, `Patient/${patient}`].toSorted());
    });

    it('chains only for who may search what it passes through', async () => {
      const path = search('&subject:Patient.family=Chalmers');

      expect((await as('observations', 'GET', path)).status).toBe(403);
      expect(idsOf(await as('everything', 'GET', path))).toEqual(all);
    });

    it('searches by POST', async () => {
      const form = (client: string, body: string) =>
        as(client, 'POST', '/fhir/Observation/_search', {
          body,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });

      const tagged = `_tag=urn:test%7C${mark}&_sort=_id`;
      expect(idsOf(await form('observations', tagged))).toEqual(all);
      expect((await form('observations', '_sort=_id')).status).toBe(403);
    });

    it('decides on a compartment, which HAPI does not search', async () => {
      const path = `/fhir/Patient/${patient}/Observation?_sort=_id`;

      const reply = await as('everything', 'GET', path);

      expect(reply.status).toBe(400);
      expect(reply.json).toMatchObject({ resourceType: 'OperationOutcome' });
      expect((await as('observations', 'GET', path)).status).toBe(403);
    });

    it.each(['madeup=1', '_filter=name%20eq%20x', '_madeup=1'])('refuses %s', async (query) => {
      expect((await as('everything', 'GET', `/fhir/Observation?${query}`)).status).toBe(400);
    });
  });

  it('keeps system resources to itself', async () => {
    const user = await as('everything', 'GET', '/fhir/Client/nobody');

    expect(user.status).toBe(200);
    expect((await askHapi('GET', '/Client/nobody')).status).toBe(404);
  });

  it('describes what is behind it, and itself', async () => {
    const { json } = await app.call('GET', '/fhir/metadata');

    const [rest] = json?.['rest'] as readonly {
      readonly documentation: string;
      readonly resource: readonly { readonly type: string }[];
    }[];
    const types = rest?.resource.map(({ type }) => type) ?? [];
    expect(types).toEqual(expect.arrayContaining(['Patient', 'Observation']));
    expect(rest?.documentation).toContain('AccessPolicy');
    expect(rest).toHaveProperty('security');
    expect(JSON.stringify(json)).not.toContain(HAPI_URL);
  });
});
