import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';
import { basic, ROOT_SECRET, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
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

const SEARCH = '/fhir/Observation?patient=Patient/p1';
const INCLUDING = `${SEARCH}&_include=Observation:subject:Patient`;

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

const ask = (path: string): Promise<Reply> => gateway.call('GET', path, { asRoot: true });

describe('a search', () => {
  it.each([
    ['with its matches', SEARCH, () => ({ entry: [matched('o1'), matched('o2')] })],
    ['without any', SEARCH, () => ({ total: 0 })],
    ['with what is included', INCLUDING, () => ({ entry: [matched('o1'), INCLUDED] })],
    [
      'with a warning',
      SEARCH,
      () => ({ entry: [{ resource: OUTCOME, search: { mode: 'outcome' } }] }),
    ],
    ['without modes', INCLUDING, () => ({ entry: [{ resource: PATIENT }] })],
    ['that says more in its self link', SEARCH, () => ({ link: selfLinks('_count=9&patient=p1') })],
    [
      'in several types',
      '/fhir?_type=Observation,Patient',
      () => ({ entry: [matched('o1'), { resource: PATIENT }] }),
    ],
    [
      'of everything of a patient',
      '/fhir/Patient/p1/$everything?_type=Patient',
      () => ({ entry: [INCLUDED] }),
    ],
  ])('is answered %s', async (_name, path, more) => {
    const answer = searchset(more());
    upstream.answerJson(answer);

    const reply = await ask(path);

    expect(reply.status).toBe(200);
    expect(reply.json?.['entry']).toEqual((answer as { entry?: unknown }).entry);
  });

  const OFF = 'an entry that was not asked for';
  const NO_BUNDLE = 'something else than a Bundle of type searchset';
  it.each<[string, string, () => object, string]>([
    [
      'an ignored parameter',
      SEARCH,
      () => ({ link: selfLinks('_count=9'), entry: [{ resource: SECRET }] }),
      'search by patient',
    ],
    [
      'an ignored modifier',
      `${SEARCH}&code:text=x`,
      () => ({ link: selfLinks('patient=p1&code=x') }),
      'code:text',
    ],
    [
      'an ignored compartment',
      '/fhir/Patient/p1/Observation',
      () => ({ link: selfLinks('_count=9') }),
      'Patient/p1',
    ],
    [
      'no self link',
      SEARCH,
      () => ({ link: undefined, entry: [matched('o1')] }),
      'WARDGATE_UPSTREAM_SELF_LINK',
    ],
    ['another type', SEARCH, () => ({ entry: [matched('o1'), { resource: SECRET }] }), OFF],
    ['a type that nobody included', SEARCH, () => ({ entry: [INCLUDED] }), OFF],
    [
      'another type as a match',
      INCLUDING,
      () => ({ entry: [{ ...INCLUDED, search: { mode: 'match' } }] }),
      OFF,
    ],
    [
      'another type of several',
      '/fhir?_type=Observation,Patient',
      () => ({ entry: [{ resource: SECRET }] }),
      OFF,
    ],
    [
      'another type of everything',
      '/fhir/Patient/p1/$everything?_type=Observation',
      () => ({ entry: [INCLUDED] }),
      OFF,
    ],
    [
      'a nested Bundle',
      SEARCH,
      () => ({ entry: [{ resource: searchset({ entry: [matched('o1')] }) }] }),
      OFF,
    ],
    [
      'an entry without a resource',
      SEARCH,
      () => ({ entry: [{ fullUrl: 'http://x/Person/unknown' }] }),
      OFF,
    ],
    [
      'a resource without a type',
      SEARCH,
      () => ({ entry: [{ resource: { id: 'unknown' } }] }),
      OFF,
    ],
    [
      'a resource in a response',
      SEARCH,
      () => ({ entry: [{ ...matched('o1'), response: { outcome: SECRET } }] }),
      OFF,
    ],
    [
      'one entry that is not in an array',
      SEARCH,
      () => ({ entry: { resource: SECRET } }),
      NO_BUNDLE,
    ],
    [
      'another kind of Bundle',
      SEARCH,
      () => ({ type: 'collection', entry: [matched('o1')] }),
      NO_BUNDLE,
    ],
    ['no Bundle', SEARCH, () => SECRET, NO_BUNDLE],
  ])('is not answered by %s', async (_name, path, more, why) => {
    upstream.answerJson(searchset(more()));

    expectRefused(await ask(path), why);
  });

  it.each([
    ['two arrays of entries', (good: string, bad: string) => `"entry":[${good}],"entry":[${bad}]`],
    [
      'two resources in an entry',
      (good: string, bad: string) => `"entry":[{"resource":${bad},${good.slice(1)}]`,
    ],
    [
      'two types of a resource',
      () => '"entry":[{"resource":{"resourceType":"Observation","resourceType":"Person"}}]',
    ],
    [
      'a type that is spelled in escapes',
      () => String.raw`"entry":[{"resource":{"resource\u0054ype":"\u0050erson"}}]`,
    ],
  ])('is not answered by %s', async (_name, entries) => {
    const head = JSON.stringify(searchset()).slice(0, -1);
    const good = JSON.stringify(matched('o1'));

    answerBytes(upstream, `${head},${entries(good, JSON.stringify(SECRET))}}`);
    expect((await ask(SEARCH)).status).toBe(502);
    answerBytes(upstream, `${head},"entry":[${good}]}`);
    expect((await ask(SEARCH)).status).toBe(200);
  });

  it('breaks off where it goes astray after its beginning, before anything of that is handed on', async () => {
    const entry = [
      ...Array.from({ length: 5000 }, (_, at) => matched(`o${at}`)),
      { resource: SECRET },
    ];
    upstream.answerJson(searchset({ entry }));

    const response = await fetch(`${gateway.baseUrl}${SEARCH}`, {
      headers: { authorization: basic('root', ROOT_SECRET) },
    });
    let text = '';
    const read = async () => {
      for await (const part of response.body ?? [])
        text += Buffer.from(part as Uint8Array).toString();
    };

    expect(response.status).toBe(200);
    await expect(read()).rejects.toThrow();
    expect(text).toContain('"o1"');
    expect(text).not.toContain('Person');
  });

  it('has pages that say of themselves what they want, and nothing else', async () => {
    const next = { relation: 'next', url: `${upstream.url}?page=2` };
    const own = [{ relation: 'self', url: `${upstream.url}${SEARCH.replace('/fhir', '')}` }];
    upstream.answerJson(searchset({ link: [...own, next], entry: [matched('o1')] }));
    const { json } = await ask(SEARCH);
    const [, link] = json?.['link'] as [unknown, { url: string }];
    const path = link.url.replace(gateway.baseUrl, '');

    upstream.answerJson(
      searchset({ link: [{ ...next, relation: 'self' }], entry: [matched('o2')] }),
    );
    expect((await ask(path)).status).toBe(200);
    upstream.answerJson(searchset({ link: [{ ...next, relation: 'self' }], entry: [INCLUDED] }));
    expectRefused(await ask(path), OFF);
  });

  it('is refused as the upstream refuses it', async () => {
    upstream.answerJson(OUTCOME, {}, 400);

    expect((await ask(SEARCH)).status).toBe(400);
  });
});

describe('where the links of the upstream need not say by what it searched', () => {
  let trusting: TestApp;

  beforeAll(async () => {
    trusting = await startTestApp(
      {
        FHIR_UPSTREAM_URL: upstream.url,
        WARDGATE_UPSTREAM_OTHER_URLS: UPSTREAM_BASE,
        WARDGATE_UPSTREAM_SELF_LINK: 'checked',
      },
      gateway.database,
    );
  });
  afterAll(() => trusting.stop());

  it.each([
    ['nothing', () => undefined, 200],
    ['no parameter', () => selfLinks(''), 200],
    ['other parameters', () => selfLinks('code=x'), 502],
  ])('a search is answered where they say %s', async (_name, link, status) => {
    upstream.answerJson(searchset({ link: link(), entry: [matched('o1')] }));

    expect((await trusting.call('GET', SEARCH, { asRoot: true })).status).toBe(status);
  });

  it('a long form is answered, and its links are those of the gateway', async () => {
    const ids = Array.from({ length: 90 }, (_, at) => `an-id-that-is-rather-long-${at}`).join(',');
    const form = ['1', '2', '3', '4'].map((last) => `_id=${ids}${last}`).join('&');
    const self = { relation: 'self', url: `${UPSTREAM_BASE}/Observation/_search` };
    const next = { relation: 'next', url: `${UPSTREAM_BASE}?_getpages=a` };
    upstream.answerJson(searchset({ link: [self, next], entry: [matched('o1')] }));

    const reply = await trusting.call('POST', '/fhir/Observation/_search', {
      body: form,
      asRoot: true,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const tooLong = '/fhir/Observation?_page=too-long';

    expect(form.length).toBeGreaterThan(9000);
    expect(reply.status).toBe(200);
    expect(reply.json?.['link']).toEqual([
      { ...self, url: `${trusting.baseUrl}/fhir/Observation?${form.replaceAll(',', '%2C')}` },
      { ...next, url: `${trusting.baseUrl}${tooLong}` },
    ]);
    expect((await trusting.call('GET', tooLong, { asRoot: true })).status).toBe(400);
  });
});
