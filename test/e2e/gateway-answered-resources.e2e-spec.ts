import { gzipSync } from 'node:zlib';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';
import type { Reply, TestApp } from '../support/test-app.js';
import {
  answerBytes,
  expectRefused,
  INCLUDED,
  matched,
  OUTCOME,
  PATIENT,
  searchset,
  SECRET,
  selfLinks,
  UPSTREAM_BASE,
} from '../support/upstream-answers.js';

const FHIR = { 'content-type': 'application/fhir+json' };
const SEARCH = '/fhir/Observation?patient=Patient/p1';
const HISTORY = '/fhir/Patient/p1/_history';

let fixture: FakeGateway;
let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  fixture = await startGatewayBeforeFake({
    WARDGATE_UPSTREAM_EVERYTHING: 'compartment',
    WARDGATE_UPSTREAM_OTHER_URLS: UPSTREAM_BASE,
  });
  ({ upstream, gateway } = fixture);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.calls.length = 0;
});

const ask = (path: string, method = 'GET', body?: object): Promise<Reply> =>
  gateway.call(method, path, { asRoot: true, ...(body ? { body } : {}) });

describe('a history', () => {
  const history = (...resources: readonly object[]) => ({
    resourceType: 'Bundle',
    type: 'history',
    entry: [...resources.map((resource) => ({ resource })), { request: { method: 'DELETE' } }],
  });

  it.each([
    ['of a type', '/fhir/Patient/_history', () => history(PATIENT, { ...PATIENT, id: 'p2' }), 200],
    ['of a type, by another', '/fhir/Patient/_history', () => history(PATIENT, SECRET), 502],
    ['of a resource', HISTORY, () => history(PATIENT, PATIENT), 200],
    ['of a resource, by another', HISTORY, () => history({ ...PATIENT, id: 'p2' }), 502],
    ['of a resource, by another type', HISTORY, () => history(SECRET), 502],
    ['by a searchset', HISTORY, () => searchset(), 502],
  ])('%s is answered', async (_name, path, answer, status) => {
    upstream.answerJson(answer());

    expect((await ask(path)).status).toBe(status);
  });
});

describe('one resource', () => {
  const READ = '/fhir/Patient/p1';
  const other = { ...PATIENT, id: 'p2', gender: 'unknown' };
  const WHY = 'another resource';

  it.each([
    ['read', 'GET', READ, undefined],
    ['read in a version', 'GET', `${READ}/_history/1`, undefined],
    ['updated', 'PUT', READ, PATIENT],
    ['patched', 'PATCH', READ, { active: true }],
    ['deleted', 'DELETE', READ, undefined],
  ])(
    'that is %s is answered, or an OperationOutcome, and nothing else',
    async (_name, method, path, body) => {
      for (const answer of [PATIENT, OUTCOME]) {
        upstream.answerJson(answer);
        expect((await ask(path, method, body)).status).toBe(200);
      }
      for (const answer of [other, SECRET, { id: 'p1' }, { resourceType: 'Patient' }]) {
        upstream.answerJson(answer);
        expectRefused(await ask(path, method, body), WHY);
      }
    },
  );

  it('that is created has its type', async () => {
    const created = { resourceType: 'Patient' };
    upstream.answerJson(other, {}, 201);
    expect((await ask('/fhir/Patient', 'POST', created)).status).toBe(201);
    upstream.answerJson(SECRET, {}, 201);
    expectRefused(await ask('/fhir/Patient', 'POST', created), WHY);
  });

  it.each([
    ['with nothing', 'PUT', PATIENT, '', 200],
    ['with nothing of a resource', 'PUT', PATIENT, '{}', 502],
    ['with nothing of a resource that is deleted', 'DELETE', undefined, '{}', 200],
  ])('may be answered %s', async (_name, method, body, text, status) => {
    answerBytes(upstream, text);

    expect((await ask(READ, method, body)).status).toBe(status);
  });

  it('that is validated is told about', async () => {
    upstream.answerJson(OUTCOME);
    expect((await ask('/fhir/Patient/$validate', 'POST', PATIENT)).status).toBe(200);
    upstream.answerJson(SECRET);
    expectRefused(await ask('/fhir/Patient/$validate', 'POST', PATIENT), WHY);
  });

  it.each([
    ['the one', gzipSync(JSON.stringify({ ...PATIENT, text: 'x'.repeat(100_000) })), 200],
    ['another', gzipSync(JSON.stringify({ ...other, text: 'x'.repeat(100_000) })), 502],
    ['no gzip', Buffer.from(JSON.stringify(PATIENT)), 502],
    ['half of it', gzipSync(JSON.stringify(PATIENT)).subarray(0, 30), 502],
  ])('is looked into where it is compressed: %s', async (_name, bytes, status) => {
    answerBytes(upstream, bytes, { 'content-encoding': 'gzip' });

    expect((await ask(READ)).status).toBe(status);
  });
});

describe('a change by criteria', () => {
  it('is not made where the upstream has not searched by them', async () => {
    const page = (query: string) =>
      searchset({
        link: [{ relation: 'self', url: `${upstream.url}/Patient?${query}` }],
        entry: [{ resource: PATIENT }],
      });
    const methods = () => upstream.calls.splice(0).map(({ method }) => method);
    const answerSearch = (query: string): void => {
      upstream.answerWith((request, response) => {
        const answer = request.method === 'GET' ? page(query) : OUTCOME;
        response.writeHead(200, FHIR).end(JSON.stringify(answer));
      });
    };

    answerSearch('_count=2');
    expectRefused(await ask('/fhir/Patient?identifier=x', 'DELETE'), 'search by identifier');
    expect(methods()).toEqual(['GET']);
    answerSearch('identifier=x');
    expect((await ask('/fhir/Patient?identifier=x', 'DELETE')).status).toBe(200);
    expect(methods()).toEqual(['GET', 'DELETE']);
  });
});

describe('a batch', () => {
  const entry = [
    { request: { method: 'GET', url: 'Patient/p1' } },
    { request: { method: 'GET', url: SEARCH.replace('/fhir/', '') } },
  ];
  const answers = (...resources: readonly object[]) => ({
    resourceType: 'Bundle',
    type: 'batch-response',
    entry: resources.map((resource) => ({ resource, response: { status: '200' } })),
  });
  const send = () => ask('/fhir', 'POST', { resourceType: 'Bundle', type: 'batch', entry });

  it('has each answer looked at as that to its entry', async () => {
    upstream.answerJson(answers(PATIENT, searchset({ entry: [matched('o1')] })));
    expect((await send()).status).toBe(200);
    upstream.answerJson(answers({ id: 'p1' }, searchset()));
    expectRefused(await send(), 'another resource');
    upstream.answerJson(answers(PATIENT, searchset({ entry: [INCLUDED] })));
    expectRefused(await send(), 'an entry that was not asked for');
    upstream.answerJson(answers(PATIENT, searchset({ link: selfLinks('x=y') })));
    expectRefused(await send(), 'search by patient');
  });
});
