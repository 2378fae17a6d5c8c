import { asks, entriesOf, sendBundle, statusesOf, writes } from '../support/bundle-calls.js';
import { openStoredRows, type StoredRows } from '../support/stored-rows.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

type Entries = Parameters<typeof sendBundle>[2];

const PATIENT = { resourceType: 'Patient' };
const URN = 'urn:uuid:0b0a0c0d-0000-4000-8000-000000000001';
const observationOf = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: subject },
  ...more,
});
const known = (value: string) => ({ ...PATIENT, identifier: [{ system: 'urn:s', value }] });

const divOf = (target: string) =>
  `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${target}">p</a></div>`;

const TABLES = [
  ...['clinical_resource', 'clinical_resource_history', 'system_resource_history', '"user"'],
  ...['user_identifier', 'configuration_change', 'configuration_revision'],
];

describe('transactions', () => {
  let app: TestApp;
  let stored: StoredRows;

  beforeAll(async () => {
    app = await startTestApp();
    stored = await openStoredRows(app);
  });
  afterAll(async () => {
    await stored.close();
    await app.stop();
  });

  const root = (method: string, path: string, body?: unknown): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...(body === undefined ? {} : { body }) });
  const transaction = (entry: Entries) => sendBundle(app, 'transaction', entry);

  const rows = (): Promise<unknown> => stored.of(TABLES);

  it('resolve references between their entries, in any order and everywhere', async () => {
    const url = 'urn:oid:1.2.3.4';
    const reply = await transaction([
      {
        fullUrl: url,
        resource: observationOf(URN, {
          extension: [{ url: 'urn:x', valueUri: URN }],
          note: [{ text: `about ${URN}` }],
          text: { status: 'generated', div: divOf(URN) },
          device: { reference: '#d' },
          contained: [{ resourceType: 'Device', id: 'd', patient: { reference: URN } }],
        }),
        request: { method: 'POST', url: 'Observation' },
      },
      { fullUrl: URN, resource: PATIENT, request: { method: 'POST', url: 'Patient' } },
      { ...writes('POST', 'Patient', PATIENT), fullUrl: 'https://a.example/fhir/Patient/7' },
      {
        ...writes('POST', 'Observation', observationOf('Patient/7')),
        fullUrl: 'https://a.example/fhir/Observation/8',
      },
      writes('POST', 'Observation', observationOf('Patient/7')),
    ]);

    const [first, patient, other, relative, untouched] = entriesOf(reply);
    const target = `Patient/${String(patient?.resource?.['id'])}`;
    expect(first?.resource).toMatchObject({
      subject: { reference: target },
      extension: [{ url: 'urn:x', valueUri: target }],
      note: [{ text: `about ${URN}` }],
      text: { div: divOf(target) },
      contained: [{ patient: { reference: target } }],
    });
    expect(relative?.resource).toMatchObject({
      subject: { reference: `Patient/${String(other?.resource?.['id'])}` },
    });
    expect(untouched?.resource).toMatchObject({ subject: { reference: 'Patient/7' } });
  });

  it('keep the digits of decimals', async () => {
    const text = `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":
      {"resourceType":"Observation","id":"digits","status":"final","code":{"text":"x"},
       "valueQuantity":{"value":1.500}},"request":{"method":"PUT","url":"Observation/digits"}}]}`;

    expect((await root('POST', '/fhir', text)).status).toBe(200);
    expect((await root('GET', '/fhir/Observation/digits')).text).toMatch(/"value": ?1\.500/);
  });

  it('delete, then create, then update, then read, and answer in order', async () => {
    await root('PUT', '/fhir/Patient/order', { ...PATIENT, id: 'order' });
    await root('PUT', '/fhir/Patient/gone', { ...PATIENT, id: 'gone' });

    const reply = await transaction([
      asks('GET', 'Patient/order'),
      writes('PUT', 'Patient/order', { ...PATIENT, id: 'order', active: true }),
      writes('POST', 'Patient', { ...PATIENT, id: 'made' }),
      asks('DELETE', 'Patient/gone'),
      asks('GET', 'Patient?_id=made,gone'),
    ]);

    expect(statusesOf(reply)).toEqual(['200', '200', '201', '200', '200']);
    const [read, updated, made, , search] = entriesOf(reply);
    expect(read?.resource).toMatchObject({ active: true, meta: { versionId: '2' } });
    expect(updated?.response).toMatchObject({ etag: 'W/"2"' });
    expect(made?.response.location).toBe(`${app.baseUrl}/fhir/Patient/made/_history/1`);
    expect(made?.response.lastModified).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(search?.resource).toMatchObject({ total: 1 });
  });

  const expectNothingBehind = async (entry: Entries, status: number) => {
    await root('PUT', '/fhir/Patient/kept', { ...PATIENT, id: 'kept' });
    const before = await rows();

    const reply = await transaction([asks('DELETE', 'Patient/kept'), ...entry]);

    const issue = [{ expression: [`Bundle.entry[${entry.length}]`] }];
    expect(reply).toMatchObject({ status, json: { issue } });
    expect(await rows()).toEqual(before);
  };

  it.each([
    ['a resource that is not valid', writes('POST', 'Patient', { ...PATIENT, name: [] }), 422],
    ['a read that fails', asks('GET', 'Patient/nobody'), 404],
    [
      'a version that is not current',
      writes('PUT', 'Patient/order', { ...PATIENT, id: 'order' }, { ifMatch: 'W/"9"' }),
      412,
    ],
    [
      'an update by criteria with another id',
      writes('PUT', 'Patient?_id=kept', { ...PATIENT, id: 'other' }),
      400,
    ],
    ['a second change of one resource', writes('PUT', 'Patient?_id=kept', PATIENT), 400],
    [
      'a reference that matches none',
      writes('POST', 'Observation', observationOf('Patient?_id=0')),
      412,
    ],
  ])('leave nothing behind when their last entry is %s', async (_what, last, status) => {
    await expectNothingBehind([writes('POST', 'Patient', PATIENT), last], status);
  });

  it.each([
    ['a version that is not current', writes('PUT', 'User/u1', {}, { ifMatch: 'W/"9"' }), 412],
    ['a duplicate', writes('POST', 'User', { id: 'admin', userName: 'other' }), 409],
    ['a name that is taken', writes('POST', 'User', { userName: 'admin' }), 409],
  ])('leave no User behind when their last entry is %s', async (_what, last, status) => {
    const user = writes('POST', 'User', { identifier: [{ system: 'urn:idp', value: 'x' }] });

    await expectNothingBehind([writes('POST', 'Patient', PATIENT), user, last], status);
  });

  it.each([
    ['update one resource twice', writes('PUT', 'Patient/t1', { ...PATIENT, id: 't1' })],
    ['update and delete one resource', asks('DELETE', 'Patient/t1')],
    ['create what they update', writes('POST', 'Patient', { ...PATIENT, id: 't1' })],
  ])('must not %s', async (_what, second) => {
    const first = writes('PUT', 'Patient/t1', { ...PATIENT, id: 't1' });

    const reply = await transaction([first, second]);

    expect(reply.status).toBe(400);
    expect(reply.text).toContain('Bundle.entry[1]');
    expect((await root('GET', '/fhir/Patient/t1')).status).toBe(404);
  });

  it('create unless there is one already', async () => {
    const condition = { ifNoneExist: 'identifier=urn:s|one' };
    const entry = () => [
      { ...writes('POST', 'Patient', known('one'), condition), fullUrl: URN },
      writes('POST', 'Observation', observationOf(URN)),
    ];

    const created = await transaction(entry());
    const found = await transaction(entry());
    await root('POST', '/fhir/Patient', known('one'));
    const several = await transaction(entry());

    expect(statusesOf(created)).toEqual(['201', '201']);
    expect(statusesOf(found)).toEqual(['200', '201']);
    const id = String(entriesOf(created)[0]?.resource?.['id']);
    expect(entriesOf(found)[0]?.resource).toMatchObject({ id, meta: { versionId: '1' } });
    expect(entriesOf(found)[1]?.resource).toMatchObject({
      subject: { reference: `Patient/${id}` },
    });
    expect(several.status).toBe(412);
  });

  it.each(['colour=x', '', 'name=x&_count=1', 'identifier='])(
    'refuse the condition %p',
    async (ifNoneExist) => {
      const reply = await transaction([writes('POST', 'Patient', PATIENT, { ifNoneExist })]);

      expect(reply.status).toBe(400);
    },
  );

  it('resolve references by criteria', async () => {
    await root('PUT', '/fhir/Patient/found', { ...known('two'), id: 'found' });
    await root('PUT', '/fhir/Patient/twin1', { ...known('twins'), id: 'twin1' });
    await root('PUT', '/fhir/Patient/twin2', { ...known('twins'), id: 'twin2' });
    const observe = (value: string) =>
      transaction([
        writes('POST', 'Observation', observationOf(`Patient?identifier=urn:s|${value}`)),
      ]);

    expect(entriesOf(await observe('two'))[0]?.resource).toMatchObject({
      subject: { reference: 'Patient/found' },
    });
    expect((await observe('twins')).status).toBe(412);
    expect((await observe('nobody')).status).toBe(412);
  });

  it('patch by a Binary', async () => {
    await root('PUT', '/fhir/Patient/patched', { ...PATIENT, id: 'patched' });
    const data = (patch: unknown) => Buffer.from(JSON.stringify(patch)).toString('base64');
    const binary = (contentType: string, patch: unknown) =>
      writes('PATCH', 'Patient/patched', {
        resourceType: 'Binary',
        contentType,
        data: data(patch),
      });

    const json = binary('application/json-patch+json', [
      { op: 'add', path: '/active', value: true },
    ]);
    expect(entriesOf(await transaction([json]))[0]?.resource).toMatchObject({ active: true });
    expect((await transaction([binary('text/plain', {})])).status).toBe(400);
  });

  it('give another id to a clinical resource with a temporary fullUrl, if its own is taken', async () => {
    const resource = { ...PATIENT, id: 'wished' };
    const post = { fullUrl: URN, resource, request: { method: 'POST', url: 'Patient' } };

    expect(entriesOf(await transaction([post]))[0]?.resource).toMatchObject({ id: 'wished' });
    const again = entriesOf(await transaction([post]))[0];
    expect(again?.response.status).toBe('201');
    expect(again?.resource?.['id']).not.toBe('wished');
    expect((await transaction([writes('POST', 'Patient', resource)])).status).toBe(409);
  });

  it('that overlap both take effect, whatever their order', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `lap${at}`);
    const update = (order: readonly string[]) =>
      transaction(order.map((id) => writes('PUT', `Patient/${id}`, { ...PATIENT, id })));

    const replies = await Promise.all([
      update(ids),
      update([...ids].reverse()),
      update(ids),
      update([...ids].reverse()),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { json } = await root('GET', '/fhir/Patient/lap0');
    expect(json).toMatchObject({ meta: { versionId: '4' } });
  });

  it('that create the same Users in another order do not both succeed, nor wait for ever', async () => {
    const users = ['dead1', 'dead2', 'dead3'];
    const create = (order: readonly string[]) =>
      transaction(order.map((userName) => writes('POST', 'User', { userName })));

    const replies = await Promise.all([create(users), create([...users].reverse())]);

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('that create on one condition at once create once', async () => {
    const post = () =>
      transaction([
        writes('POST', 'Patient', known('race'), { ifNoneExist: 'identifier=urn:s|race' }),
      ]);

    const replies = await Promise.all([post(), post(), post()]);

    expect(replies.flatMap(statusesOf).sort()).toEqual(['200', '200', '201']);
  });

  it('govern the next request', async () => {
    const policy = { engine: 'matcho', matcho: { client: { id: 'late' } } };
    const client = { secret: 'secret-of-late', grant_types: ['basic'] };

    await transaction([
      writes('PUT', 'AccessPolicy/late', { resourceType: 'AccessPolicy', ...policy }),
      writes('PUT', 'Client/late', { resourceType: 'Client', ...client }),
    ]);

    const authorization = `Basic ${Buffer.from('late:secret-of-late').toString('base64')}`;
    const reply = await app.call('GET', '/fhir/Patient', { headers: { authorization } });
    expect(reply.status).toBe(200);
  });
});
