import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const ISSUER = 'https://auth.example.com';
const OWN_PATIENT = {
  engine: 'matcho',
  matcho: {
    jwt: { iss: ISSUER },
    operation: { id: 'FhirRead' },
    params: { 'resource/type': 'Patient', 'resource/id': '.user.data.patient' },
  },
};
const request = (uri: string, more: object = {}) => ({
  uri,
  'request-method': 'get',
  jwt: { iss: ISSUER },
  user: { id: 'u1', data: { patient: 'p1' } },
  ...more,
});
const READS = { name: 'reads its own', request: request('/fhir/Patient/p1'), expect: 'allow' };
const OTHERS = { name: 'not others', request: request('/fhir/Patient/p2'), expect: 'deny' };
const WRONG = { name: 'wrong', request: request('/fhir/Patient/p2'), expect: 'allow' };

describe('AccessPolicy.tests', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const send = (method: string, path: string, body: unknown, type?: string): Promise<Reply> =>
    app.call(method, path, {
      asRoot: true,
      body,
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    });
  const issues = (reply: Reply): unknown =>
    (reply.json?.['issue'] as Record<string, unknown>[]).map(
      ({ code, diagnostics, expression }) => ({
        code,
        diagnostics,
        expression,
      }),
    );
  const REFUSAL = {
    code: 'value',
    diagnostics:
      'test "wrong": expected allow, but at params.resource/id it wants ".user.data.patient" and gets "p2"',
    expression: ['AccessPolicy.tests[0]'],
  };

  it('are kept as they were written when all pass', async () => {
    const tests = [READS, OTHERS];
    const { status } = await send('PUT', '/AccessPolicy/kept', { ...OWN_PATIENT, tests });
    const { json } = await app.call('GET', '/AccessPolicy/kept', { asRoot: true });

    expect(status).toBe(201);
    expect(json?.['tests']).toEqual(tests);
  });

  it('refuse the write that they contradict: create, update, patch', async () => {
    const failing = { ...OWN_PATIENT, tests: [WRONG] };
    await app.put('/AccessPolicy/patched', { ...OWN_PATIENT, tests: [READS] });
    const patch = [{ op: 'replace', path: '/matcho/params/resource~1id', value: 'p9' }];
    const replies = [
      await send('POST', '/fhir/AccessPolicy', failing),
      await send('PUT', '/AccessPolicy/new', failing),
      await send(
        'PATCH',
        '/AccessPolicy/patched',
        { tests: [WRONG] },
        'application/merge-patch+json',
      ),
    ];

    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(replies.map(issues)).toEqual([[REFUSAL], [REFUSAL], [REFUSAL]]);
    const changed = await send(
      'PATCH',
      '/AccessPolicy/patched',
      patch,
      'application/json-patch+json',
    );
    expect(changed.status).toBe(422);
    expect(changed.text).toContain('reads its own');
    expect((await app.call('GET', '/AccessPolicy/new', { asRoot: true })).status).toBe(404);
    const { json } = await app.call('GET', '/AccessPolicy/patched', { asRoot: true });
    expect(json).toMatchObject({ matcho: OWN_PATIENT.matcho, tests: [READS] });
  });

  it('refuse the Bundle that they contradict', async () => {
    const bundle = (test: object) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { resourceType: 'AccessPolicy', ...OWN_PATIENT, tests: [test] },
          request: { method: 'PUT', url: 'AccessPolicy/bundled' },
        },
      ],
    });

    expect((await send('POST', '/fhir', bundle(WRONG))).status).toBe(422);
    expect((await app.call('GET', '/AccessPolicy/bundled', { asRoot: true })).status).toBe(404);
    expect((await send('POST', '/fhir', bundle(READS))).status).toBe(200);
  });

  it('try link, roleName and the rule of administration, too', async () => {
    const nurses = { engine: 'allow', roleName: 'nurse' };
    const role = [{ name: 'nurse' }];
    const reply = await send('PUT', '/AccessPolicy/nurses', {
      ...nurses,
      tests: [
        { name: 'nurse', request: request('/fhir/Patient', { role }), expect: 'allow' },
        { name: 'nobody', request: request('/fhir/Patient'), expect: 'deny' },
      ],
    });
    const byIssuer = { engine: 'matcho', matcho: { jwt: { iss: ISSUER } } };
    const administers = { name: 'users', request: request('/User/u1'), expect: 'allow' };
    const reads = { name: 'patients', request: request('/fhir/Patient'), expect: 'allow' };

    expect(reply.status).toBe(201);
    expect((await send('PUT', '/AccessPolicy/i', { ...byIssuer, tests: [reads] })).status).toBe(
      201,
    );
    const refused = await send('PUT', '/AccessPolicy/i', { ...byIssuer, tests: [administers] });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('administration');
  });

  it('read the claims of a bearer token and complete the request', async () => {
    const claims = Buffer.from(JSON.stringify({ iss: ISSUER })).toString('base64url');
    const header = Buffer.from('{"alg":"HS256"}').toString('base64url');
    const reply = await send('PUT', '/AccessPolicy/bearer', {
      engine: 'matcho',
      matcho: { jwt: { iss: ISSUER }, params: { name: 'x' }, operation: { id: 'FhirSearch' } },
      tests: [
        {
          name: 'by token',
          request: {
            uri: '/fhir/Patient?name=x',
            headers: { authorization: `Bearer ${header}.${claims}.c2ln` },
          },
          expect: 'allow',
        },
      ],
    });

    expect(reply.status).toBe(201);
  });

  it('try drafts and shadows as they will be', async () => {
    for (const status of ['draft', 'shadow']) {
      const draft = { ...OWN_PATIENT, status };

      expect((await send('PUT', '/AccessPolicy/d', { ...draft, tests: [WRONG] })).status).toBe(422);
      expect(
        (await send('PUT', '/AccessPolicy/d', { ...draft, tests: [READS] })).status,
      ).toBeLessThan(300);
    }
  });

  it('are refused themselves when nothing can be looked up or they are written wrongly', async () => {
    const named = { ...READS, request: { 'user-id': 'u1' } };
    const reply = await send('PUT', '/AccessPolicy/w', {
      ...OWN_PATIENT,
      tests: [named, { a: 1 }],
    });

    expect(reply.status).toBe(422);
    expect(
      (issues(reply) as { expression: string[] }[]).map(({ expression }) => expression[0]),
    ).toEqual([
      'AccessPolicy.tests[0].request.user-id',
      'AccessPolicy.tests[1].a',
      'AccessPolicy.tests[1].name',
      'AccessPolicy.tests[1].request',
      'AccessPolicy.tests[1].expect',
    ]);
  });
});
