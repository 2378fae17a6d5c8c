import { asks, entriesOf, sendBundle, statusesOf, writes } from '../support/bundle-calls.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';

const FHIR = { 'content-type': 'application/fhir+json' };
const PATIENT = { resourceType: 'Patient' };
const SECRET = 'ORA-00942 at db7.internal';
const outcome = (diagnostics: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'exception', diagnostics }],
});
const read = (id: string) => ({ resource: { ...PATIENT, id }, response: { status: '200' } });
const update = (value: string) => writes('PUT', `Patient?identifier=${value}`, PATIENT);
const found = (...ids: readonly string[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  link: [{ relation: 'self', url: 'Patient?identifier=x' }],
  entry: ids.map((id) => ({ resource: { ...PATIENT, id, meta: { versionId: '3' } } })),
});

describe('the answer to a Bundle', () => {
  let fixture: FakeGateway;

  /** Answers searches with what they find by their last value, and Bundles with entries. */
  const answer = (entry: readonly unknown[], byValue: Readonly<Record<string, object>> = {}) => {
    fixture.upstream.answerWith((request, response) => {
      const value = /=(\w+)&_count=2$/.exec(request.url ?? '')?.[1] ?? '';
      const body =
        request.method === 'POST'
          ? { resourceType: 'Bundle', type: 'batch-response', entry }
          : (byValue[value] ?? found());
      response.writeHead(200, FHIR).end(JSON.stringify(body));
    });
  };
  const batch = (...urls: readonly string[]) =>
    sendBundle(
      fixture.gateway,
      'batch',
      urls.map((url) => asks('GET', url)),
    );
  const sentBundles = () =>
    fixture.upstream.calls
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => (JSON.parse(body) as { entry: { request: object }[] }).entry);

  beforeAll(async () => {
    fixture = await startGatewayBeforeFake();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.calls.length = 0;
  });

  it.each([
    ['500 Internal Server Error', '502'],
    ['501', '501'],
    ['503', '503'],
    ['401', '502'],
    ['302 Found', '502'],
  ])('tells an entry that failed with %s as %s, in words of its own', async (status, told) => {
    for (const failed of [
      { response: { status, outcome: outcome(SECRET) } },
      { response: { outcome: outcome(SECRET), status } },
      { resource: outcome(SECRET), response: { status } },
    ]) {
      answer([read('a'), failed, read('c')]);

      const reply = await batch('Patient/a', 'Patient/b', 'Patient/c');

      expect(statusesOf(reply)).toEqual(['200', told, '200']);
      expect(reply.text).not.toContain(SECRET);
      expect(entriesOf(reply)[1]?.response.outcome?.issue[0]?.diagnostics).toMatch(
        /^The FHIR server/,
      );
      expect(entriesOf(reply).map(({ resource }) => resource?.['id'])).toEqual([
        ...['a', undefined, 'c'],
      ]);
    }
  });

  it.each(['404', '410 Gone', '422', '200', '304'])(
    'hands on what an entry says with %s',
    async (status) => {
      answer([{ response: { status, outcome: outcome('not there') } }]);

      const reply = await batch('Patient/a');

      expect(statusesOf(reply)).toEqual([status]);
      expect(entriesOf(reply)[0]?.response.outcome).toEqual(outcome('not there'));
    },
  );

  it('hands on long entries, and breaks off where one turns out to have failed', async () => {
    const long = { ...PATIENT, id: 'a', text: { div: 'x'.repeat(200_000) } };
    answer([{ resource: long, response: { status: '200' } }]);
    expect(entriesOf(await batch('Patient/a'))[0]?.resource).toEqual(long);

    const failed = outcome(`${SECRET}${'x'.repeat(200_000)}`);
    answer([{ response: { status: '500', outcome: failed } }]);
    expect(statusesOf(await batch('Patient/a'))).toEqual(['502']);
    answer([{ resource: failed, response: { status: '500' } }]);
    await expect(batch('Patient/a')).rejects.toThrow(/terminated|fetch failed/);
  });

  it.each([
    ['no', []],
    ['too few', [read('a')]],
    ['too many', [read('a'), read('b'), read('c')]],
  ])('is a failure of the upstream with %s entries', async (_name, entries) => {
    answer(entries);

    const reply = await batch('Patient/a', 'Patient/b', 'User/u1');

    expect(reply.status).toBe(502);
    expect(reply.json).toMatchObject({ resourceType: 'OperationOutcome' });
    answer([read('a'), read('b')]);
    expect(statusesOf(await batch('Patient/a', 'Patient/b', 'User/u1'))).toEqual([
      ...['200', '200', '404'],
    ]);
  });

  it('has an entry with another resource than was asked for refused, as where they are out of order', async () => {
    answer([read('b'), read('a'), read('c')]);
    const reply = await batch('Patient/a', 'Patient/b', 'Patient/c');

    expect(statusesOf(reply)).toEqual(['502', '502', '200']);
    expect(entriesOf(reply).map(({ resource }) => resource?.['id'])).toEqual([
      ...[undefined, undefined, 'c'],
    ]);
    const page = { resource: { ...found(), link: [] }, response: { status: '200' } };
    const failed = { resource: outcome('not there'), response: { status: '404' } };
    answer([page, read('x'), failed, read('a')]);
    const searches = await batch('Patient', 'Patient?_count=1', 'Patient/b', 'Observation/a');
    expect(statusesOf(searches)).toEqual(['200', '502', '404', '502']);
  });

  it('has a search that is refused with an OperationOutcome for a resource', async () => {
    const refused = { resource: outcome('what is colour?'), response: { status: '400' } };
    const done = { resource: outcome('here you are'), response: { status: '200' } };
    const history = 'Patient/a/_history';
    answer([refused, read('b'), refused, done, done]);

    const reply = await batch('Patient?name=x', 'Patient/b', history, 'Patient?name=y', history);

    expect(statusesOf(reply)).toEqual(['400', '200', '400', '502', '502']);
    expect(entriesOf(reply)[0]?.resource).toEqual(refused.resource);
    expect(reply.text).not.toContain('here you are');
  });

  it('to a write has the resource that was written', async () => {
    const put = writes('PUT', 'Patient/a', { ...PATIENT, id: 'a' });
    const create = writes('POST', 'Patient', PATIENT);
    const remove = asks('DELETE', 'Patient/a');
    answer([read('a'), read('new'), read('a')]);
    expect(statusesOf(await sendBundle(fixture.gateway, 'batch', [put, create, remove]))).toEqual([
      ...['200', '200', '200'],
    ]);
    answer([read('b'), { ...read('new'), resource: outcome('done') }, read('b')]);
    expect(statusesOf(await sendBundle(fixture.gateway, 'batch', [put, create, remove]))).toEqual([
      ...['502', '200', '502'],
    ]);
  });

  describe('by criteria', () => {
    it('is 412 where others create what an update would have created', async () => {
      answer([{ response: { status: '200 OK', location: 'Patient/theirs' } }]);

      for (const type of ['batch', 'transaction'] as const) {
        const reply = await sendBundle(fixture.gateway, type, [update('x')]);

        expect(statusesOf(reply)).toEqual(['412']);
      }
      const request = { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=x' };
      const element = [{ resource: PATIENT, request }];
      expect(sentBundles()).toEqual([element, element]);
      answer([{ response: { status: '201 Created', location: 'Patient/mine' } }]);
      expect(statusesOf(await sendBundle(fixture.gateway, 'batch', [update('x')]))).toEqual([
        '201 Created',
      ]);
    });

    it('is 200 where others create what a create would have', async () => {
      answer([{ response: { status: '200', location: 'Patient/theirs' } }]);
      const create = writes('POST', 'Patient', PATIENT, { ifNoneExist: 'identifier=x' });

      expect(statusesOf(await sendBundle(fixture.gateway, 'batch', [create]))).toEqual(['200']);
      expect(sentBundles()).toEqual([
        [
          {
            resource: PATIENT,
            request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=x' },
          },
        ],
      ]);
    });

    it('is 412 outside Bundles as well', async () => {
      const path = '/fhir/Patient?identifier=x';
      const put = (status: number) => {
        fixture.upstream.answerWith(({ method }, response) => {
          const isSearch = method === 'GET';
          response
            .writeHead(isSearch ? 200 : status, FHIR)
            .end(JSON.stringify(isSearch ? found() : { ...PATIENT, text: 'x'.repeat(100_000) }));
        });
        return fixture.gateway.call('PUT', path, { asRoot: true, body: PATIENT });
      };

      expect((await put(200)).status).toBe(412);
      expect((await put(201)).status).toBe(201);
      expect((await put(422)).status).toBe(422);
    });

    it('is refused where two entries turn out to write one resource', async () => {
      answer([read('a'), read('a')], { x: found('p1'), y: found('p1'), z: found('p2') });
      const two = (value: string) => [update('x'), update(value)];

      const refused = await sendBundle(fixture.gateway, 'transaction', two('y'));
      expect(refused.status).toBe(400);
      expect(refused.json).toMatchObject({ issue: [{ expression: ['Bundle.entry[1]'] }] });
      const own = [update('x'), asks('DELETE', 'Patient/p1')];
      expect((await sendBundle(fixture.gateway, 'transaction', own)).status).toBe(400);
      expect(sentBundles()).toEqual([]);
      expect((await sendBundle(fixture.gateway, 'transaction', two('z'))).status).toBe(200);
      expect(sentBundles()[0]?.map(({ request }) => request)).toEqual([
        { method: 'PUT', url: 'Patient/p1', ifMatch: 'W/"3"' },
        { method: 'PUT', url: 'Patient/p2', ifMatch: 'W/"3"' },
      ]);
    });

    it('looks for a hundred at most', async () => {
      const creates = (count: number) =>
        Array.from({ length: count }, (_, at) =>
          writes('POST', 'Patient', PATIENT, { ifNoneExist: `identifier=v${at}` }),
        );
      const created = { response: { status: '201' } };
      answer(Array.from({ length: 100 }, () => created));

      const refused = await sendBundle(fixture.gateway, 'transaction', creates(101));
      expect(refused.status).toBe(400);
      expect(refused.json).toMatchObject({ issue: [{ code: 'too-costly' }] });
      expect(sentBundles()).toEqual([]);
      const statuses = statusesOf(await sendBundle(fixture.gateway, 'batch', creates(101)));
      expect([...new Set(statuses.slice(0, 100)), statuses[100]]).toEqual(['201', '400']);
      const again = [...creates(100), ...creates(100)];
      answer(again.map(() => created));
      fixture.upstream.calls.length = 0;
      expect((await sendBundle(fixture.gateway, 'batch', again)).status).toBe(200);
      const lookups = fixture.upstream.calls.filter(({ method }) => method === 'GET');
      expect(lookups).toHaveLength(100);
    });
  });
});

describe('a Bundle whose time is over', () => {
  let fixture: FakeGateway;

  beforeAll(async () => {
    fixture = await startGatewayBeforeFake({ WARDGATE_BUNDLE_TIMEOUT: '1s' });
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it.each(['batch', 'transaction'] as const)('is 503, and was not sent: a %s', async (type) => {
    const { gateway, upstream } = fixture;
    upstream.answerWith((_request, response) => {
      setTimeout(() => response.writeHead(200, FHIR).end(JSON.stringify(found())), 1_100);
    });

    const reply = await sendBundle(gateway, type, [update('x'), update('y')]);

    expect(reply.status).toBe(503);
    expect(reply.json).toMatchObject({ issue: [{ code: 'too-costly' }] });
    expect(upstream.calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
