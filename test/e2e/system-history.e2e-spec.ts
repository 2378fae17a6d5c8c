import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

interface Entry {
  readonly fullUrl: string;
  readonly request: { readonly method: string; readonly url: string };
  readonly response: {
    readonly status: string;
    readonly etag: string;
    readonly lastModified: string;
  };
  readonly resource?: { readonly id: string };
}

const entriesOf = ({ json }: Reply) => (json?.['entry'] ?? []) as readonly Entry[];

/** Newest first: method, what it was about, version. */
const CHANGES = [
  'PUT Group/a 3',
  'DELETE Group/a 2',
  'PUT Patient/b 1',
  'PUT Patient/a 2',
  'PUT Group/a 1',
  'PUT Patient/a 1',
];

describe('the history of the system', () => {
  let app: TestApp;
  const get = (path: string, client?: string) =>
    app.call(
      'GET',
      path,
      client === undefined
        ? { asRoot: true }
        : { headers: { authorization: basic(client, CLIENT_SECRET) } },
    );
  const told = (reply: Reply) =>
    entriesOf(reply).map(
      ({ request, response }) => `${request.method} ${request.url} ${response.etag.slice(3, -1)}`,
    );
  const next = ({ json }: Reply) =>
    (json?.['link'] as readonly { relation: string; url: string }[])
      .find(({ relation }) => relation === 'next')
      ?.url.slice(app.baseUrl.length);

  beforeAll(async () => {
    app = await startTestApp();
    const group = { resourceType: 'Group', id: 'a', type: 'person', actual: true };
    const patient = (id: string) => ({ resourceType: 'Patient', id });
    await app.put('/fhir/Patient/a', patient('a'));
    await app.put('/fhir/Group/a', group);
    await app.put('/fhir/Patient/a', { ...patient('a'), active: true });
    await app.put('/fhir/User/u1', { userName: 'u1' });
    await app.put('/fhir/Patient/b', patient('b'));
    await app.call('DELETE', '/fhir/Group/a', { asRoot: true });
    await app.put('/fhir/Group/a', group);
  });
  afterAll(async () => {
    await app.stop();
  });

  it('has every version of clinical resources, newest first, and no system resource', async () => {
    const reply = await get('/fhir/_history');

    expect(reply.json).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    expect(told(reply)).toEqual(CHANGES);
    expect(next(reply)).toBeUndefined();
    const [, deletion, , update] = entriesOf(reply);
    expect(deletion).not.toHaveProperty('resource');
    expect(update).toMatchObject({
      fullUrl: `${app.baseUrl}/fhir/Patient/a`,
      resource: { id: 'a', active: true, meta: { versionId: '2' } },
    });
  });

  it.each(['', '/Group', '/Group/a'])(
    'says at %s/_history what changes were answered with',
    async (of) => {
      const statuses = entriesOf(await get(`/fhir${of}/_history`))
        .filter(({ request }) => request.url === 'Group/a')
        .map(({ response }) => response.status);

      // Made, deleted, made anew.
      expect(statuses).toEqual(['201', '200', '201']);
    },
  );

  it('tells an update from what was made anew, wherever a page begins', async () => {
    const first = async (path: string) => entriesOf(await get(path))[0]?.response.status;

    expect(await first('/fhir/Group/a/_history?_count=1')).toBe('201');
    expect(await first('/fhir/Patient/a/_history?_count=1')).toBe('200');
  });

  it('goes on where a page ended, whatever is written meanwhile', async () => {
    const pages: string[][] = [];
    let at: string | undefined = '/fhir/_history?_count=2';
    while (at !== undefined) {
      const reply: Reply = await get(at);
      pages.push(told(reply));
      at = next(reply);
      await app.put('/fhir/Basic/late', { resourceType: 'Basic', id: 'late', code: { text: 'x' } });
    }

    expect(pages).toEqual([CHANGES.slice(0, 2), CHANGES.slice(2, 4), CHANGES.slice(4)]);
  });

  it('begins when it is told to', async () => {
    const all = entriesOf(await get('/fhir/_history?_count=1000'));
    const made = all.find(({ request }) => request.url === 'Patient/b');
    const since = encodeURIComponent(made?.response.lastModified ?? '');
    const reply = await get(`/fhir/_history?_since=${since}`);

    expect(told(reply).filter((change) => !change.includes('Basic'))).toEqual(CHANGES.slice(0, 3));
    expect(told(await get('/fhir/_history?_since=2100'))).toEqual([]);
  });

  it.each(['_sort=id', '_type=Patient', '_since=yesterday', '_since=', '_after=x', '_count=x'])(
    'refuses %s',
    async (query) => {
      expect((await get(`/fhir/_history?${query}`)).status).toBe(400);
    },
  );

  it('is an operation of its own', async () => {
    const allowed = (id: string) => ({ operation: { id } });
    await addClient(app, 'histories', [allowed('FhirHistorySystem')]);
    await addClient(app, 'others', [
      allowed('FhirHistoryType'),
      allowed('FhirHistory'),
      allowed('FhirSystemSearch'),
      allowed('FhirSearch'),
    ]);

    expect((await get('/fhir/_history', 'histories')).status).toBe(200);
    expect((await get('/fhir/_history', 'others')).status).toBe(403);
    expect((await get('/fhir/Patient/_history', 'histories')).status).toBe(403);
  });
});
