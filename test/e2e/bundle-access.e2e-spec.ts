import {
  addClient,
  asks,
  entriesOf,
  sendBundle,
  statusesOf,
  writes,
  type SentEntry,
} from '../support/bundle-calls.js';
import { openStoredRows, type StoredRows } from '../support/stored-rows.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PATIENT = { resourceType: 'Patient', active: true };
const OBSERVATION = { resourceType: 'Observation', status: 'final', code: { text: 'Weight' } };
const POLICY = { resourceType: 'AccessPolicy', engine: 'allow' };
const TRANSACTION = { operation: { id: 'FhirTransaction' } };

const TABLES = [
  ...['clinical_resource', 'clinical_resource_history', 'system_resource_history'],
  ...['access_policy', 'client', '"user"', 'role', 'user_identifier', 'configuration_change'],
  'configuration_revision',
];

/** Requests that no entry can make, by whatever caller. */
const SMUGGLED: readonly (readonly [string, SentEntry])[] = [
  ['an absolute URL of another server', asks('GET', 'https://other.example/fhir/Patient/p1')],
  ['an URL without a scheme', asks('GET', '//other.example/fhir/Patient/p1')],
  ['a Bundle in the Bundle', writes('POST', '', { resourceType: 'Bundle', type: 'batch' })],
  ['a Bundle to be stored', writes('POST', 'Bundle', { resourceType: 'Bundle', type: 'batch' })],
  ['a Bundle as a Patient', writes('PUT', 'Patient/p1', { resourceType: 'Bundle' })],
  ['a login', writes('POST', '/auth/login', {})],
  ['a login as a type', writes('POST', 'auth/token', {})],
  ['an operation', writes('POST', '$matcho', {})],
  ['an operation on a type', asks('GET', 'Patient/$everything')],
  ['an operation on a resource', asks('GET', 'TokenIntrospector/t1/$check')],
  ['the debugging of policies', asks('GET', 'Patient/p1?__debug=policy')],
  ['the debugging of a search', asks('GET', 'Patient?__debug=policy')],
  ['another caller', asks('GET', 'Patient?su=admin')],
  ['a dot segment', asks('GET', 'Patient/..')],
  ['dot segments to another route', asks('GET', 'Patient/../User/admin')],
  ['a dot segment behind an id', asks('GET', 'Patient/p1/.')],
  ['an encoded slash', asks('GET', 'Patient%2Fp1')],
  ['an encoded letter', asks('GET', '%50atient/p1')],
  ['a doubled slash', asks('GET', 'Patient//p1')],
  ['a backslash', asks('GET', 'Patient\\p1')],
  ['a fragment', asks('GET', 'Patient/p1#name')],
  ['a token', asks('GET', 'Patient?access_token=x')],
  ['a parameter of the route', asks('GET', 'Patient?resource/id=p1')],
  ['an encoded parameter of the route', asks('GET', 'Patient?resource%2Ftype=User')],
  ['a search by POST', writes('POST', 'Patient/_search', {})],
  ['a write with parameters', writes('PUT', 'Patient/p1?x=1', PATIENT)],
  ['a method that reads no body', asks('HEAD', 'Patient/p1')],
  ['a method in lower case', asks('get', 'Patient/p1')],
  ['health', asks('GET', '/health/live')],
  ['the capabilities', asks('GET', 'metadata')],
  ['nothing', asks('GET', '')],
  ['a condition with another caller', writes('POST', 'Patient', PATIENT, { ifNoneExist: 'su=x' })],
  [
    'a reference with a debugging parameter',
    writes('POST', 'Observation', {
      ...OBSERVATION,
      subject: { reference: 'Patient?__debug=policy' },
    }),
  ],
];

describe('access to the entries of a Bundle', () => {
  let app: TestApp;
  let rows: StoredRows;

  beforeAll(async () => {
    app = await startTestApp();
    rows = await openStoredRows(app);
    await app.put('/fhir/Patient/p1', { ...PATIENT, id: 'p1' });
    await addClient(app, 'nurse', [TRANSACTION, { params: { 'resource/type': 'Patient' } }]);
    await addClient(app, 'clerk', [{ params: { 'resource/type': 'Patient' } }]);
    await addClient(app, 'boss', [TRANSACTION, { params: { 'resource/type': 'AccessPolicy' } }]);
    await addClient(app, 'issuer', [{ scheme: 'http' }]);
  });
  afterEach(async () => {
    for (const id of ['anyone', 'grant', 'open']) {
      await app.call('DELETE', `/fhir/AccessPolicy/${id}`, { asRoot: true });
    }
  });
  afterAll(async () => {
    await rows.close();
    await app.stop();
  });

  /** Everything that a write leaves behind. */
  const contents = (): Promise<unknown> => rows.of(TABLES);

  it('needs a policy for POST /fhir besides those for the entries', async () => {
    const entry = [asks('GET', 'Patient/p1')];

    expect((await sendBundle(app, 'batch', entry, 'clerk')).status).toBe(403);
    expect((await sendBundle(app, 'batch', entry, 'nurse')).status).toBe(200);
  });

  it('is decided one by one in a batch', async () => {
    const subject = { reference: 'Organization?identifier=o1' };
    const reply = await sendBundle(
      app,
      'batch',
      [
        writes('POST', 'Patient', PATIENT),
        writes('POST', 'Observation', OBSERVATION),
        asks('GET', 'Patient/p1'),
        asks('GET', 'Observation'),
        writes('POST', 'Patient', { ...PATIENT, managingOrganization: subject }),
        writes('POST', 'Patient', PATIENT, { ifNoneExist: 'identifier=none' }),
        asks('GET', 'Patient?_id=p1'),
      ],
      'nurse',
    );

    expect(statusesOf(reply)).toEqual(['201', '403', '200', '403', '403', '201', '200']);
    expect(entriesOf(reply)[1]?.response.outcome).toMatchObject({ issue: [{ code: 'forbidden' }] });
    expect(entriesOf(reply)[1]).not.toHaveProperty('resource');
  });

  it('is decided one by one, of system resources too', async () => {
    const reply = await sendBundle(
      app,
      'batch',
      [
        asks('GET', 'User/admin'),
        asks('DELETE', 'Client/root'),
        writes('PUT', 'AccessPolicy/mine', POLICY),
        asks('GET', 'Patient/p1'),
      ],
      'nurse',
    );

    expect(statusesOf(reply)).toEqual(['403', '403', '403', '200']);
  });

  it.each([
    ['a type that is not allowed', writes('POST', 'Observation', OBSERVATION)],
    ['a read that is not allowed', asks('GET', 'Observation/o1')],
    ['a system resource', writes('PUT', 'AccessPolicy/mine', POLICY)],
    [
      'a reference by criteria of another type',
      writes('POST', 'Patient', { ...PATIENT, link: [{ other: { reference: 'Person?_id=x' } }] }),
    ],
  ])('refuses a transaction whole for %s', async (_what, denied) => {
    const before = await contents();

    const entry = [writes('POST', 'Patient', PATIENT), denied];
    const reply = await sendBundle(app, 'transaction', entry, 'nurse');

    expect(reply.status).toBe(403);
    expect(reply.json).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'forbidden', expression: ['Bundle.entry[1]'] }],
    });
    expect(await contents()).toEqual(before);
    expect((await sendBundle(app, 'transaction', entry.slice(0, 1), 'nurse')).status).toBe(200);
  });

  it.each(SMUGGLED)('cannot be %s', async (_what, smuggled) => {
    const before = await contents();

    const transaction = await sendBundle(app, 'transaction', [
      writes('POST', 'Patient', PATIENT),
      smuggled,
    ]);
    const batch = await sendBundle(app, 'batch', [smuggled, asks('GET', 'Patient/p1')]);

    expect(transaction.status).toBe(400);
    expect(transaction.text).toContain('Bundle.entry[1]');
    expect(statusesOf(batch)).toEqual(['400', '200']);
    expect(await contents()).toEqual(before);
  });

  it('is decided by the policies of the moment when the Bundle came', async () => {
    const grant = { engine: 'matcho', matcho: { client: { id: 'boss' } } };
    const entry = [
      writes('PUT', 'AccessPolicy/grant', { resourceType: 'AccessPolicy', ...grant }),
      writes('POST', 'Observation', OBSERVATION),
    ];

    expect(statusesOf(await sendBundle(app, 'batch', entry, 'boss'))).toEqual(['201', '403']);
    expect(statusesOf(await sendBundle(app, 'batch', entry, 'boss'))).toEqual(['200', '201']);
  });

  it('of system resources is administration, which a policy must speak of', async () => {
    const open = { engine: 'matcho', matcho: { scheme: 'http' } };
    await app.put('/fhir/AccessPolicy/open', open);

    const reply = await sendBundle(
      app,
      'batch',
      [asks('GET', 'User/admin'), asks('GET', 'Patient/p1')],
      'clerk',
    );

    expect(statusesOf(reply)).toEqual(['403', '200']);
    expect(reply.text).toContain('does not speak of administration');
  });

  it('has its own method, uri, parameters and body in the eyes of policies', async () => {
    await addClient(app, 'narrow', [
      TRANSACTION,
      {
        'request-method': 'put',
        uri: '/fhir/Patient/p7',
        params: { 'resource/type': 'Patient', 'resource/id': 'p7' },
        operation: { id: 'FhirUpdate' },
        resource: { active: true },
        headers: { 'content-type': 'present?' },
      },
    ]);
    const put = (id: string, active: boolean) =>
      writes('PUT', `Patient/${id}`, { ...PATIENT, id, active });

    const reply = await sendBundle(
      app,
      'batch',
      [put('p7', true), put('p7', false), put('p8', true), asks('GET', 'Patient/p7')],
      'narrow',
    );

    expect(statusesOf(reply)).toEqual(['201', '403', '403', '403']);
  });

  it('asks a caller without a credential for one', async () => {
    await app.put('/fhir/AccessPolicy/anyone', { engine: 'matcho', matcho: TRANSACTION });
    const send = (type: string) =>
      app.call('POST', '/fhir', {
        body: { resourceType: 'Bundle', type, entry: [asks('GET', 'Patient/p1')] },
      });

    const transaction = await send('transaction');

    expect(transaction.status).toBe(401);
    expect(transaction.headers.get('www-authenticate')).toContain('Bearer');
    expect(statusesOf(await send('batch'))).toEqual(['401']);
  });

  it('of a large transaction is decided and carried out in a moment', async () => {
    const entry = Array.from({ length: 2000 }, () => writes('POST', 'Patient', PATIENT));

    expect(statusesOf(await sendBundle(app, 'transaction', entry, 'nurse'))).toHaveLength(2000);
  }, 60_000);
});
