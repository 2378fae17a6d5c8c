import { jest } from '@jest/globals';
import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import { askHapi, HAPI_URL, ownMark } from '../support/hapi.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

// HAPI makes an export in several steps, some of which wait for their turn.
jest.setTimeout(180_000);

interface File {
  readonly type: string;
  readonly url: string;
}

describe('the gateway before HAPI FHIR: exports', () => {
  const mark = ownMark();
  const filter = encodeURIComponent(`_tag=urn:test|${mark}`);
  let app: TestApp;

  const as = (client: string, method: string, url: string, headers: Record<string, string> = {}) =>
    app.call(method, url.replace(app.baseUrl, ''), {
      headers: { ...headers, authorization: basic(client, CLIENT_SECRET) },
    });
  const begin = (client: string, path: string) =>
    as(client, 'GET', path, { prefer: 'respond-async' });
  const tagged = (types: readonly string[]) =>
    `_type=${types.join(',')}${types.map((type) => `&_typeFilter=${type}%3F${filter}`).join('')}`;

  /** The manifest of an export, once HAPI has made it. */
  async function over(job: string): Promise<Reply> {
    let reply = await as('exports', 'GET', job);
    await eventually(async () => {
      if (reply.status === 202) reply = await as('exports', 'GET', job);
      return reply.status !== 202;
    }, 120_000);
    expect(reply.status).toBe(200);
    return reply;
  }

  /** The manifest of a new export, once HAPI has made it. */
  async function exported(path: string): Promise<Reply> {
    const begun = await begin('exports', path);
    expect(begun.status).toBe(202);
    const job = begun.headers.get('content-location') ?? '';
    expect(job).toContain(`${app.baseUrl}${path.split('?')[0] ?? ''}?`);
    return over(job);
  }

  /** Ids by the types of files. */
  async function idsIn(manifest: Reply): Promise<Readonly<Record<string, readonly string[]>>> {
    const ids: Record<string, string[]> = {};
    for (const { type, url } of (manifest.json?.['output'] ?? []) as readonly File[]) {
      const { status, text, headers } = await as('exports', 'GET', url);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/fhir+ndjson']);
      const lines = text.trimEnd().split('\n');
      const found = lines.map((line) => (JSON.parse(line) as { id: string }).id);
      ids[type] = [...(ids[type] ?? []), ...found].sort();
    }
    return ids;
  }

  beforeAll(async () => {
    app = await startTestApp({
      FHIR_UPSTREAM_URL: HAPI_URL,
      WARDGATE_UPSTREAM_OPERATIONS: 'export',
    });
    const searches = { operation: { id: 'FhirSearch' } };
    await addClient(app, 'exports', [{ operation: { id: 'FhirExport' } }, searches]);
    await addClient(app, 'searches', [searches]);
    const meta = { tag: [{ system: 'urn:test', code: mark }] };
    for (const id of [`${mark}a`, `${mark}b`]) {
      await app.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id, meta });
    }
    await app.put(`/fhir/Observation/${mark}o`, {
      resourceType: 'Observation',
      id: `${mark}o`,
      meta,
      status: 'final',
      code: { text: 'c' },
      subject: { reference: `Patient/${mark}a` },
    });
    await app.put(`/fhir/Group/${mark}g`, {
      resourceType: 'Group',
      id: `${mark}g`,
      meta,
      type: 'person',
      actual: true,
      member: [{ entity: { reference: `Patient/${mark}a` } }],
    });
  });
  afterAll(() => app.stop());

  it('hands on what HAPI exports of the server', async () => {
    const manifest = await exported(`/fhir/$export?${tagged(['Patient', 'Observation'])}`);

    expect(manifest.json).toMatchObject({ requiresAccessToken: true, error: [], deleted: [] });
    expect(manifest.text).not.toContain(HAPI_URL);
    expect(await idsIn(manifest)).toEqual({
      Patient: [`${mark}a`, `${mark}b`],
      Observation: [`${mark}o`],
    });
  });

  it('hands on what HAPI exports of patients', async () => {
    const manifest = await exported(`/fhir/Patient/$export?${tagged(['Patient', 'Observation'])}`);

    expect(await idsIn(manifest)).toEqual({
      Patient: [`${mark}a`, `${mark}b`],
      Observation: [`${mark}o`],
    });
  });

  it('hands on what HAPI exports of a group', async () => {
    const manifest = await exported(`/fhir/Group/${mark}g/$export?_type=Patient,Observation`);

    expect(await idsIn(manifest)).toEqual({ Patient: [`${mark}a`], Observation: [`${mark}o`] });
  });

  it('denies who may only search, and keeps job and files to who was given them', async () => {
    const path = `/fhir/$export?${tagged(['Patient'])}`;
    await addClient(app, 'others', [{ uri: '#/fhir' }]);

    expect((await begin('searches', path)).status).toBe(403);
    const job = (await begin('exports', path)).headers.get('content-location') ?? '';
    expect((await as('others', 'GET', job)).status).toBe(403);
    expect((await as('others', 'DELETE', job)).status).toBe(403);
    const manifest = await over(job);
    const [file] = (manifest.json?.['output'] ?? []) as readonly File[];
    expect((await as('others', 'GET', file?.url ?? '')).status).toBe(403);
    expect((await as('exports', 'GET', file?.url ?? '')).status).toBe(200);
  });

  it('ends what HAPI is making', async () => {
    const begun = await begin('exports', `/fhir/$export?${tagged(['Patient'])}`);
    const ended = await as('exports', 'DELETE', begun.headers.get('content-location') ?? '');

    // HAPI says 404 of one that is over already.
    expect([202, 404]).toContain(ended.status);
  });

  it('has a history of everything', async () => {
    await addClient(app, 'historian', [{ operation: { id: 'FhirHistorySystem' } }]);
    const direct = await askHapi('GET', '/_history?_count=3');
    const reply = await as('historian', 'GET', '/fhir/_history?_count=3');

    expect(direct.status).toBe(200);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    expect(reply.text).not.toContain(HAPI_URL);
    expect((await as('searches', 'GET', '/fhir/_history')).status).toBe(403);
  });
});
