import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';
import type { Reply, TestApp } from '../support/test-app.js';

const FHIR = { 'content-type': 'application/fhir+json' };
const P1 = { resource: { resourceType: 'Patient', id: 'p1', meta: { versionId: '3' } } };
const SELF = { relation: 'self', url: 'Patient?identifier=x' };
const page = (more: object) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  link: [SELF],
  ...more,
});

let fixture: FakeGateway;
let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  fixture = await startGatewayBeforeFake({ WARDGATE_UPSTREAM_BODY_TIMEOUT: '500ms' });
  ({ upstream, gateway } = fixture);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.calls.length = 0;
});

function erase(): Promise<Reply> {
  return gateway.call('DELETE', '/fhir/Patient?identifier=x', { asRoot: true });
}

/** What the upstream was asked, without the search for what the criteria pick. */
function changes(): readonly string[] {
  return upstream.calls.filter(({ method }) => method !== 'GET').map(({ method }) => method);
}

describe('a search for what criteria pick', () => {
  it('that finds one is followed by the change', async () => {
    const found = JSON.stringify(page({ entry: [P1] }));
    upstream.answerWith((request, response) => {
      if (request.method === 'GET') response.writeHead(200, FHIR).end(found);
      else response.writeHead(204).end();
    });

    expect((await erase()).status).toBe(204);
    expect(upstream.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /fhir/Patient?identifier=x&_count=2',
      'DELETE /fhir/Patient/p1',
    ]);
    expect(upstream.calls[1]?.headers['if-match']).toBe('W/"3"');
  });

  it.each([
    ['*', ['W/"3"']],
    ['W/"2", W/"3"', ['W/"3"']],
    ['W/"2"', []],
  ])('is followed by a change of that version, if the client takes it: %s', async (tags, sent) => {
    const found = JSON.stringify(page({ entry: [P1] }));
    upstream.answerWith((request, response) => {
      const isSearch = request.method === 'GET';
      response.writeHead(200, FHIR).end(isSearch ? found : JSON.stringify(P1.resource));
    });

    const reply = await gateway.call('PUT', '/fhir/Patient?identifier=x', {
      asRoot: true,
      headers: { 'if-match': tags },
      body: { resourceType: 'Patient', active: true },
    });

    expect(reply.status).toBe(sent.length > 0 ? 200 : 412);
    const changed = upstream.calls.filter(({ method }) => method === 'PUT');
    expect(changed.map(({ headers }) => headers['if-match'])).toEqual(sent);
  });

  it('is followed by a change without the version where that is a patch in a Bundle', async () => {
    const answers = new Map<string | undefined, object>([
      ['GET', page({ entry: [P1] })],
      ['POST', { resourceType: 'Bundle', type: 'batch-response', entry: [P1] }],
    ]);
    upstream.answerWith(({ method }, response) => {
      response.writeHead(200, FHIR).end(JSON.stringify(answers.get(method)));
    });
    const data = Buffer.from('{"active":true}').toString('base64');
    const resource = { resourceType: 'Binary', contentType: 'application/merge-patch+json', data };
    const change = (method: string, of: object) => ({
      resource: of,
      request: { method, url: 'Patient?identifier=x' },
    });
    const entry = [change('PATCH', resource), change('PUT', { resourceType: 'Patient' })];
    await gateway.call('POST', '/fhir', {
      asRoot: true,
      body: { resourceType: 'Bundle', type: 'batch', entry },
    });

    const sent = JSON.parse(upstream.calls.at(-1)?.body ?? '') as { entry: { request: object }[] };
    expect(sent.entry.map(({ request }) => request)).toEqual([
      { method: 'PATCH', url: 'Patient/p1' },
      { method: 'PUT', url: 'Patient/p1', ifMatch: 'W/"3"' },
    ]);
  });

  it.each([
    ['one', [P1]],
    ['none yet', []],
  ])('that goes on after %s is one that finds several', async (_name, entry) => {
    const next = { relation: 'next', url: `${upstream.url}?p=2` };
    upstream.answerJson(page({ entry, link: [SELF, next] }));

    expect((await erase()).status).toBe(412);
    expect(changes()).toEqual([]);
  });

  it.each([
    [400, 400],
    [401, 502],
    [403, 403],
    [429, 503],
  ])('that is refused with %i is %i', async (refused, status) => {
    upstream.answerJson({ resourceType: 'OperationOutcome', issue: [] }, {}, refused);

    const reply = await erase();

    expect(reply.status).toBe(status);
    expect(reply.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
    expect(changes()).toEqual([]);
  });

  it.each([
    ['breaks off', 502],
    ['stalls', 504],
  ])('whose answer %s is a failure of the upstream: %i', async (how, status) => {
    upstream.answerWith((request, response) => {
      response.writeHead(200, { ...FHIR, 'content-length': '100' }).write('{"resourceType":');
      if (how === 'breaks off') setTimeout(() => request.socket.resetAndDestroy(), 50);
    });

    const reply = await erase();

    expect(reply.status).toBe(status);
    expect(reply.text).toContain('The FHIR server behind this one');
    expect(changes()).toEqual([]);
  });
});

describe('a create with If-None-Exist', () => {
  const create = (): Promise<Reply> =>
    gateway.call('POST', '/fhir/Patient', {
      asRoot: true,
      headers: { 'if-none-exist': 'identifier=x' },
      body: { resourceType: 'Patient' },
    });
  const answerWith = (found: object): void => {
    upstream.answerWith((request, response) => {
      const isSearch = request.method === 'GET';
      response.writeHead(isSearch ? 200 : 201, FHIR);
      response.end(JSON.stringify(isSearch ? page(found) : P1.resource));
    });
  };

  it.each([
    ['one', { entry: [P1] }],
    ['none', {}],
  ])('goes on after a search that finds %s', async (_name, found) => {
    answerWith(found);

    expect((await create()).status).toBe(201);
    expect(upstream.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /fhir/Patient?identifier=x&_count=2',
      'POST /fhir/Patient',
    ]);
    expect(upstream.calls[1]?.headers['if-none-exist']).toBe('identifier=x');
  });

  it.each([
    ['passes over criteria', { link: [{ ...SELF, url: 'Patient?_count=2' }], entry: [P1] }, 502],
    ['finds several', { entry: [P1, P1] }, 412],
  ])('is not sent after a search that %s', async (_name, found, status) => {
    answerWith(found);

    expect((await create()).status).toBe(status);
    expect(changes()).toEqual([]);
  });
});
