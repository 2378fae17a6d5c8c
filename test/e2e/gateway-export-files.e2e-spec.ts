import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import type { BulkUpstream } from '../support/bulk-upstream.js';
import {
  EXPORT_PATH,
  EXPORTS,
  filesOf,
  searchOf,
  startExportFixture,
  type ExportFixture,
} from '../support/export-fixture.js';
import { basic, type TestApp } from '../support/test-app.js';

let fixture: ExportFixture;
let upstream: BulkUpstream;
let gateway: TestApp;

const ask: ExportFixture['ask'] = (...given) => fixture.ask(...given);
const begin: ExportFixture['begin'] = (...given) => fixture.begin(...given);
const follow: ExportFixture['follow'] = (...given) => fixture.follow(...given);
const jobOf: ExportFixture['jobOf'] = (...given) => fixture.jobOf(...given);
const manifestOf: ExportFixture['manifestOf'] = (...given) => fixture.manifestOf(...given);

beforeAll(async () => {
  fixture = await startExportFixture();
  ({ upstream, gateway } = fixture);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.export({ output: [{ type: 'Patient', url: '/files/p', count: 2 }], error: [] });
  upstream.lines();
});

describe('an export that has begun', () => {
  it('says how far it is, and has a manifest of links to Wardgate', async () => {
    const job = await jobOf();
    const underWay = await follow(job);
    const over = await follow(job);
    const [file] = filesOf(over);

    expect(underWay.status).toBe(202);
    expect(underWay.headers.get('x-progress')).toBe('half done');
    expect(underWay.headers.get('retry-after')).toBe('7');
    expect(over.status).toBe(200);
    expect(over.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(over.headers.get('expires')).toMatch(/ GMT$/);
    expect(over.json).toEqual({
      transactionTime: '2026-11-22T10:00:00Z',
      request: `${gateway.baseUrl}/fhir/Patient/$export?_type=Patient%2CObservation`,
      requiresAccessToken: true,
      output: [{ type: 'Patient', url: file?.url, count: 2 }],
      error: [],
      deleted: [],
    });
    expect(over.text).not.toContain(upstream.url);
  });

  it('ends when it is told to', async () => {
    const job = await jobOf();
    await follow(job);
    const asked = upstream.lines();

    expect((await follow(job, 'another', 'DELETE')).status).toBe(403);
    expect((await follow(job, 'exporter', 'DELETE')).status).toBe(202);
    expect(upstream.lines()).toEqual(asked.map((line) => line.replace('GET', 'DELETE')));
    expect((await follow(job)).status).toBe(404);
  });

  describe('afterwards', () => {
    it.each([
      ['another caller', (url: string) => url, 'another', 403],
      ['other parameters', (url: string) => url.replace('_type=', '_elements=id&_type='), '', 400],
      ['another path', (url: string) => url.replace('/Patient/', '/'), '', 400],
      ['an altered seal', (url: string) => url.replace(/_job=./, '_job=!'), '', 400],
      ['its job as a file', (url: string) => url.replace('_job=', '_file='), '', 400],
      ['two seals', (url: string) => `${url}&_file=x`, '', 400],
      ['the same seal twice', (url: string) => `${url}&_job=x`, '', 400],
      ['the very link', (url: string) => url, '', 202],
    ])('is asked for with %s', async (_, change, client, status) => {
      const job = await jobOf();

      expect((await follow(change(job), client || 'exporter')).status).toBe(status);
      expect(upstream.lines()).toHaveLength(status === 202 ? 1 : 0);
    });

    it('is decided anew with each request', async () => {
      await addClient(gateway, 'leaving', [EXPORTS, searchOf('Patient')]);
      const path = '/fhir/$export?_type=Patient';
      upstream.export(
        { output: [{ type: 'Patient', url: '/files/p' }] },
        { '/files/p': '{"resourceType":"Patient"}\n' },
      );
      const job = await jobOf(path, 'leaving');
      const [{ url } = { url: '' }] = filesOf(await manifestOf(path, 'leaving'));
      const all = async () => [
        (await follow(job, 'leaving')).status,
        (await follow(url, 'leaving')).status,
        (await follow(job, 'leaving', 'DELETE')).status,
      ];

      expect(await all()).toEqual([202, 200, 202]);
      upstream.lines();
      await gateway.call('DELETE', '/fhir/AccessPolicy/leaving-1', { asRoot: true });
      expect(await all()).toEqual([403, 403, 403]);
      expect(upstream.lines()).toEqual([]);
    });
  });
});

describe('an export', () => {
  describe('that the upstream answers otherwise', () => {
    it.each([
      ['begins elsewhere', 202, { 'content-location': 'http://elsewhere.example/fhir/job' }, 502],
      ['begins nowhere', 202, {}, 502],
      ['answers at once', 200, { 'content-location': '/fhir/job' }, 502],
      ['redirects', 303, { location: '/fhir/job' }, 502],
      ['has too much to do', 429, { 'retry-after': '9' }, 429],
      ['does not export', 501, {}, 501],
    ])('is refused where it %s', async (_, status, headers, expected) => {
      upstream.answerWith((response) => {
        response.writeHead(status, headers).end();
      });
      const reply = await begin(EXPORT_PATH);

      expect(reply.status).toBe(expected);
      expect(reply.headers.get('content-location')).toBeNull();
      expect(reply.json).toMatchObject({ resourceType: 'OperationOutcome' });
    });

    it('has failed for good, without what the upstream says of it', async () => {
      const job = await jobOf();
      upstream.answerWith((response) => {
        response.writeHead(500, { 'content-type': 'application/fhir+json' });
        response.end('{"resourceType":"OperationOutcome","issue":[{"diagnostics":"secret"}]}');
      });
      const { status, json, text } = await follow(job);

      expect(status).toBe(502);
      expect(json).toMatchObject({ issue: [{ code: 'exception' }] });
      expect(text).not.toContain('secret');
    });

    it.each([
      ['files elsewhere', { output: [{ type: 'Patient', url: 'https://bucket.example/p' }] }],
      ['errors elsewhere', { error: [{ type: 'OperationOutcome', url: 'https://b.example/p' }] }],
      ['a list that is none', { output: {} }],
      ['a file without address', { output: [{ type: 'Patient' }] }],
      ['more of it elsewhere', { link: [{ relation: 'next', url: '/more' }] }],
      ['no time', { transactionTime: 'today' }],
    ])('has no manifest with %s', async (_, manifest) => {
      upstream.export(manifest);
      const reply = await manifestOf();

      expect(reply.status).toBe(502);
      expect(reply.text).not.toContain('bucket');
    });

    it('leaves out files of types that were not decided on', async () => {
      upstream.export({
        output: [
          { type: 'Patient', url: '/files/p' },
          { type: 'Condition', url: '/files/c' },
          { type: 'User', url: '/files/u' },
        ],
      });

      expect(filesOf(await manifestOf()).map(({ type }) => type)).toEqual(['Patient']);
    });
  });
});

describe('a file of an export', () => {
  const LINES = '{"resourceType":"Patient","id":"a"}\n{"id":"ü","resourceType":"Patient"}\n';

  /** The one file of a new export. */
  async function fileOf(content: string, list = 'output', type = 'Patient'): Promise<string> {
    upstream.export({ [list]: [{ type, url: '/files/x' }] }, { '/files/x': content });
    const [file] = filesOf(await manifestOf(), list);
    return file?.url ?? '';
  }

  it('is handed on as it is', async () => {
    const url = await fileOf(LINES);
    const reply = await ask('GET', url.replace(gateway.baseUrl, ''), 'exporter', {
      headers: { accept: 'application/fhir+ndjson' },
    });
    const [sent] = upstream.calls;

    expect([reply.status, reply.text]).toEqual([200, LINES]);
    expect(reply.headers.get('content-type')).toBe('application/fhir+ndjson');
    expect(sent?.headers).toMatchObject({ accept: 'application/fhir+ndjson' });
    expect(upstream.lines()).toEqual(['GET /fhir/files/x']);
    expect((await follow(url, 'another')).status).toBe(403);
    expect((await follow(url.replace('_file=', '_job='))).status).toBe(400);
    expect(upstream.lines()).toEqual([]);
  });

  it.each([
    ['another type', '{"resourceType":"Condition","id":"c"}\n'],
    ['another type on a later line', `${LINES}{"resourceType":"Condition","id":"c"}\n`],
    ['two types', '{"resourceType":"Patient","resourceType":"Condition"}\n'],
    ['no type', '{"id":"c"}\n'],
    ['an array', `[${LINES}]`],
    ['half a line', '{"resourceType":"Patient","id":'],
  ])('ends with 502 at %s', async (_, content) => {
    const reply = await follow(await fileOf(content));

    expect(reply.status).toBe(502);
    expect(reply.text).not.toContain('"c"');
  });

  it('of errors has outcomes only', async () => {
    const outcome = '{"resourceType":"OperationOutcome","issue":[]}\n';

    expect((await follow(await fileOf(outcome, 'error', 'OperationOutcome'))).text).toBe(outcome);
    expect((await follow(await fileOf(LINES, 'error', 'OperationOutcome'))).status).toBe(502);
  });

  it('of what is gone names what is of the types that were decided on', async () => {
    const removal = (...urls: readonly string[]) => {
      const entry = urls.map((url) => ({ request: { method: 'DELETE', url } }));
      return `${JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })}\n`;
    };
    const given = removal('Patient/a', 'Condition/b', `${upstream.url}/Observation/c`);
    const full = JSON.stringify({
      resourceType: 'Bundle',
      entry: [{ resource: { id: 'c' }, request: { method: 'PUT', url: 'Patient/c' } }],
    });

    expect((await follow(await fileOf(given, 'deleted', 'Bundle'))).text).toBe(
      removal('Patient/a', 'Observation/c'),
    );
    expect((await follow(await fileOf(full, 'deleted', 'Bundle'))).status).toBe(502);
  });

  it.each([
    ['is a resource', { 'content-type': 'application/fhir+json' }, 502],
    ['is encoded', { 'content-type': 'application/fhir+ndjson', 'content-encoding': 'gzip' }, 502],
    ['is of bytes', { 'content-type': 'application/octet-stream' }, 200],
  ])('that %s', async (_, headers, status) => {
    const url = await fileOf(LINES);
    upstream.answerWith((response) => {
      response.writeHead(200, headers).end(LINES);
    });

    expect((await follow(url)).status).toBe(status);
  });

  it('of 200 MiB is handed on line by line', async () => {
    const line = `{"resourceType":"Patient","text":"${'x'.repeat(65_000)}"}\n`;
    const count = 3_200;
    const url = await fileOf(LINES);
    upstream.answerLines(line, count);
    const before = process.memoryUsage().rss;
    const authorization = basic('exporter', CLIENT_SECRET);
    const response = await fetch(url, { headers: { authorization } });
    let bytes = 0;
    let most = 0;
    for await (const part of response.body ?? []) {
      bytes += (part as Uint8Array).length;
      most = Math.max(most, process.memoryUsage().rss);
    }

    expect(bytes).toBe(line.length * count);
    expect(most - before).toBeLessThan(150 * 1_048_576);
  });

  it('that the upstream no longer keeps is gone', async () => {
    const url = await fileOf(LINES);
    upstream.export({});
    const reply = await follow(url);

    expect(reply.status).toBe(404);
    expect(reply.headers.get('content-type')).toContain('application/fhir+json');
  });
});
