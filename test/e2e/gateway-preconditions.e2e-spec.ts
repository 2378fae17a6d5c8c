import { entriesOf, statusesOf } from '../support/bundle-calls.js';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';
import type { Reply, TestApp } from '../support/test-app.js';

const PATCH = [{ op: 'add', path: '/active', value: true }];
const PATIENT = { resourceType: 'Patient', id: 'p1' };

/** A server that knows one Patient and passes over preconditions, as some do. */
let fixture: FakeGateway;
let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  fixture = await startGatewayBeforeFake();
  ({ upstream, gateway } = fixture);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.calls.length = 0;
  has({ versionId: '3' });
});

function has(meta: { readonly versionId?: string }): void {
  upstream.answerWith(({ method, url = '' }, response) => {
    response.setHeader('content-type', 'application/fhir+json');
    const isKnown = !url.endsWith('/Patient/p2');
    response.statusCode = method === 'GET' && !isKnown ? 404 : 200;
    const bundle = { resourceType: 'Bundle', type: 'batch-response', entry: [DONE] };
    const [id] = url.split('/').slice(-1);
    response.end(JSON.stringify(method === 'POST' ? bundle : { ...PATIENT, id, meta }));
  });
}

const DONE = { response: { status: '200' } };

function write(method: string, id: string, headers: Record<string, string>): Promise<Reply> {
  const bodies = new Map<string, unknown>([
    ['PUT', { ...PATIENT, id }],
    ['PATCH', PATCH],
  ]);
  const body = bodies.get(method);
  const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json';
  return gateway.call(method, `/fhir/Patient/${id}`, {
    asRoot: true,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
  });
}

/** What was changed there. */
function changes(): readonly (string | readonly string[] | undefined)[][] {
  return upstream.calls
    .filter(({ method }) => method !== 'GET')
    .map(({ method, url, headers }) => [
      `${method} ${url}`,
      headers['if-match'] ?? headers['if-none-match'],
    ]);
}

describe('a precondition that the upstream may pass over', () => {
  it.each([
    ['DELETE', 'if-match', 'W/"3"'],
    ['DELETE', 'if-match', '*'],
    ['PATCH', 'if-match', 'W/"2", W/"3"'],
    ['PUT', 'if-none-match', 'W/"2"'],
  ])('that holds goes along: %s with %s: %s', async (method, header, tags) => {
    expect((await write(method, 'p1', { [header]: tags })).status).toBe(200);
    expect(changes()).toEqual([[`${method} /fhir/Patient/p1`, tags]]);
  });

  it.each([
    ['DELETE', 'p1', 'if-match', 'W/"1"'],
    ['DELETE', 'p2', 'if-match', '*'],
    ['PATCH', 'p1', 'if-match', 'W/"1"'],
    ['PUT', 'p1', 'if-none-match', '*'],
    ['PUT', 'p1', 'if-none-match', 'W/"3"'],
  ])('that does not hold changes nothing: %s %s with %s: %s', async (method, id, header, tags) => {
    expect((await write(method, id, { [header]: tags })).status).toBe(412);
    expect(changes()).toEqual([]);
  });

  it('lets create what is not there', async () => {
    expect((await write('PUT', 'p2', { 'if-none-match': '*' })).status).toBe(200);
    expect(changes()).toEqual([['PUT /fhir/Patient/p2', '*']]);
  });

  it('does not hold where the upstream tells no versions, but for being there', async () => {
    has({});

    expect((await write('DELETE', 'p1', { 'if-match': 'W/"1"' })).status).toBe(412);
    expect(changes()).toEqual([]);
    expect((await write('DELETE', 'p1', { 'if-match': '*' })).status).toBe(200);
  });

  it('is left to the upstream where all of them heed it', async () => {
    expect((await write('PUT', 'p1', { 'if-match': 'W/"1"' })).status).toBe(200);
    expect(upstream.calls.map(({ method }) => method)).toEqual(['PUT']);
  });

  it('is looked at for each entry of a Bundle', async () => {
    const entry = [
      { request: { method: 'DELETE', url: 'Patient/p1', ifMatch: 'W/"1"' } },
      { request: { method: 'DELETE', url: 'Patient/p1', ifMatch: 'W/"3"' } },
    ];
    const batch = { resourceType: 'Bundle', type: 'batch', entry };
    const reply = await gateway.call('POST', '/fhir', { asRoot: true, body: batch });

    expect(statusesOf(reply).map((status) => status.slice(0, 3))).toEqual(['412', '200']);
    const sent = JSON.parse(upstream.calls.at(-1)?.body ?? '') as { entry: object[] };
    expect(sent.entry).toEqual([entry[1]]);

    upstream.calls.length = 0;
    const transaction = { ...batch, type: 'transaction', entry: [entry[0]] };
    expect((await gateway.call('POST', '/fhir', { asRoot: true, body: transaction })).status).toBe(
      412,
    );
    expect(changes()).toEqual([]);
  });

  it('is looked at once for each resource, and for a hundred of them at most', async () => {
    const erase = (id: string) => ({
      request: { method: 'DELETE', url: `Patient/${id}`, ifMatch: 'W/"1"' },
    });
    const send = (ids: readonly string[]) =>
      gateway.call('POST', '/fhir', {
        asRoot: true,
        body: { resourceType: 'Bundle', type: 'batch', entry: ids.map(erase) },
      });

    await send(['p1', 'p1', 'p3', 'p1']);
    expect(upstream.calls.map(({ url }) => url)).toEqual(['/fhir/Patient/p1', '/fhir/Patient/p3']);
    upstream.calls.length = 0;
    const ids = Array.from({ length: 102 }, (_, at) => `a${at}`);
    const refused = await send([...ids, 'a0']);

    const statuses = statusesOf(refused).map((status) => status.slice(0, 3));
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => '412'), '400', '400', '412']);
    expect(upstream.calls).toHaveLength(100);
  });

  it('of a patch in a Bundle does not go along: it would be taken for criteria', async () => {
    const data = Buffer.from(JSON.stringify(PATCH)).toString('base64');
    const patching = (ifMatch: string) => ({
      resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data },
      request: { method: 'PATCH', url: 'Patient/p1', ifMatch },
    });
    const send = (ifMatch: string) => {
      const body = { resourceType: 'Bundle', type: 'batch', entry: [patching(ifMatch)] };
      return gateway.call('POST', '/fhir', { asRoot: true, body });
    };

    expect(entriesOf(await send('W/"1"'))[0]?.response.status).toMatch(/^412/);
    expect(changes()).toEqual([]);
    expect(entriesOf(await send('W/"3"'))[0]?.response.status).toMatch(/^200/);
    expect(upstream.calls.at(-1)?.body).toContain('"url":"Patient/p1"');
    expect(upstream.calls.at(-1)?.body).not.toContain('ifMatch');
  });
});
