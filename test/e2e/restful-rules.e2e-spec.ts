import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

// A loaded machine may take longer than the default to start an application.
jest.setTimeout(60_000);

let app: TestApp;
let patients = 0;
/** Path of the Patient of one test. */
let path: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  patients += 1;
  path = `/fhir/Patient/p${patients}`;
  await app.put(path, patient());
});

const patient = (): object => ({ resourceType: 'Patient', id: `p${patients}`, active: true });
const root = (method: string, at: string, headers = {}, body?: unknown): Promise<Reply> =>
  app.call(method, at, { asRoot: true, headers, ...(body === undefined ? {} : { body }) });

/** What tells of a version, and whether there is a body. */
const seen = ({ status, headers, text }: Reply) => ({
  status,
  etag: headers.get('etag'),
  hasBody: text !== '',
});

describe('HEAD', () => {
  it.each(['', '/_history', '/_history/1'])(
    'answers what GET of a resource%s does, without the body',
    async (end) => {
      const got = await root('GET', `${path}${end}`);
      const reply = await root('HEAD', `${path}${end}`);

      expect(seen(reply)).toEqual({ ...seen(got), hasBody: false });
      for (const name of ['content-type', 'last-modified']) {
        expect(reply.headers.get(name)).toBe(got.headers.get(name));
      }
    },
  );

  it('answers what GET of a search does, without the body', async () => {
    const reply = await root('HEAD', '/fhir/Patient?active=true');

    expect(seen(reply)).toEqual({ status: 200, etag: null, hasBody: false });
    expect(reply.headers.get('content-type')).toMatch(/^application\/fhir\+json/);
  });

  it('fails as GET does', async () => {
    await root('DELETE', path);

    expect((await root('HEAD', path)).status).toBe(410);
    expect((await root('HEAD', '/fhir/Patient/nobody')).status).toBe(404);
    expect((await root('HEAD', '/fhir/Patient?nothing=1')).status).toBe(400);
    expect((await app.call('HEAD', path)).status).toBe(401);
  });

  it('is decided as the operation that it is, by its own method', async () => {
    const operation = { operation: { id: 'FhirRead' } };
    await addClient(app, 'getting', [{ ...operation, 'request-method': 'get' }]);
    await addClient(app, 'reading', [operation]);
    const head = (client: string) =>
      app.call('HEAD', path, { headers: { authorization: basic(client, CLIENT_SECRET) } });

    expect((await head('getting')).status).toBe(403);
    expect((await head('reading')).status).toBe(200);
  });
});

describe('a conditional read', () => {
  it('is 304 while the resource is what it was', async () => {
    const lastModified = (await root('GET', path)).headers.get('last-modified') ?? '';
    const before = new Date(Date.parse(lastModified) - 1000).toUTCString();

    const reply = await root('GET', path, { 'if-modified-since': lastModified });
    expect(seen(reply)).toEqual({ status: 304, etag: 'W/"1"', hasBody: false });
    expect((await root('GET', path, { 'if-modified-since': before })).status).toBe(200);
    expect((await root('GET', path, { 'if-none-match': 'W/"1"' })).status).toBe(304);
    expect((await root('GET', path, { 'if-none-match': 'W/"2"' })).status).toBe(200);
  });

  it('looks at the ETag where both are there', async () => {
    const lastModified = (await root('GET', path)).headers.get('last-modified') ?? '';
    const headers = { 'if-modified-since': lastModified, 'if-none-match': 'W/"2"' };

    expect((await root('GET', path, headers)).status).toBe(200);
  });

  it.each(['yesterday', '2020-01-01', ''])(
    'passes over the date %j, which is none',
    async (date) => {
      expect((await root('GET', path, { 'if-modified-since': date })).status).toBe(200);
    },
  );
});

describe('Prefer', () => {
  const bodies: readonly (readonly [string, string | undefined])[] = [
    ['return=minimal', undefined],
    ['return=representation', 'Patient'],
    ['return=OperationOutcome', 'OperationOutcome'],
  ];
  const typeOf = ({ text }: Reply): unknown =>
    text === '' ? undefined : (JSON.parse(text) as { resourceType: unknown }).resourceType;
  const MERGE = { 'content-type': 'application/merge-patch+json' };

  it.each(bodies)('%s holds for every write', async (prefer, type) => {
    const headers = { prefer };
    const replies = [
      await root('POST', '/fhir/Patient', headers, { resourceType: 'Patient' }),
      await root('PUT', path, headers, patient()),
      await root('PUT', `${path}-new`, headers, { ...patient(), id: `p${patients}-new` }),
      await root('PATCH', path, { ...headers, ...MERGE }, { active: false }),
      await root('DELETE', path, headers),
    ];

    expect(replies.map(({ status }) => status)).toEqual([201, 200, 201, 200, 200]);
    expect(replies.map(typeOf)).toEqual(replies.map(() => type));
  });

  it('holds for deletions in a Bundle', async () => {
    const entry = [{ request: { method: 'DELETE', url: path.replace('/fhir/', '') } }];
    const reply = await root(
      'POST',
      '/fhir',
      { prefer: 'return=OperationOutcome' },
      { resourceType: 'Bundle', type: 'batch', entry },
    );

    expect(reply.json).toMatchObject({
      entry: [
        {
          response: {
            status: '200',
            outcome: { issue: [{ diagnostics: 'The resource was deleted' }] },
          },
        },
      ],
    });
    expect(reply.text).not.toContain('"resource"');
  });

  it('holds for writes only', async () => {
    expect(typeOf(await root('GET', path, { prefer: 'return=minimal' }))).toBe('Patient');
  });
});

describe('the format of an answer', () => {
  it.each([
    ['json', 'application/fhir+json; charset=utf-8'],
    ['application/fhir%2Bjson', 'application/fhir+json; charset=utf-8'],
    ['yaml', 'text/yaml; charset=utf-8'],
    ['text/yaml', 'text/yaml; charset=utf-8'],
  ])('is what _format=%s names, whatever Accept says', async (format, type) => {
    const reply = await root('GET', `${path}?_format=${format}`, { accept: 'application/xml' });

    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe(type);
  });

  it.each(['xml', 'application/fhir%2Bxml', 'text/turtle', 'html'])(
    'cannot be %s',
    async (format) => {
      expect((await root('GET', `${path}?_format=${format}`)).status).toBe(406);
    },
  );

  it('is refused before anything is written', async () => {
    expect((await root('DELETE', `${path}?_format=xml`)).status).toBe(406);
    expect((await root('GET', path)).status).toBe(200);
  });
});

describe('the life of an id', () => {
  it('goes on where it ended', async () => {
    const deleted = await root('DELETE', path);
    const again = await root('PUT', path, {}, patient());

    expect([deleted.status, again.status]).toEqual([200, 201]);
    expect(again.headers.get('etag')).toBe('W/"3"');
    expect(again.headers.get('location')).toBe(`${app.baseUrl}${path}/_history/3`);
    const versions = await Promise.all(
      ['1', '2', '3', '4'].map((vid) => root('GET', `${path}/_history/${vid}`)),
    );
    expect(versions.map(({ status }) => status)).toEqual([200, 410, 200, 404]);
  });

  it('is not taken by a create', async () => {
    await root('DELETE', path);

    expect((await root('POST', '/fhir/Patient', {}, patient())).status).toBe(409);
    expect((await root('GET', path)).status).toBe(410);
  });

  it('begins with an update', async () => {
    const reply = await root('PUT', `${path}-x`, {}, { ...patient(), id: `p${patients}-x` });

    expect(reply.status).toBe(201);
    expect(reply.headers.get('etag')).toBe('W/"1"');
    expect(reply.headers.get('location')).toBe(`${app.baseUrl}${path}-x/_history/1`);
  });
});
