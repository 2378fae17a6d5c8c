import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://auth.example.com';
const KEY = secretKey('very-secret');
const ALLOW = { engine: 'allow' };

describe('POST /auth/test-policy', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/Client/trial', { secret: 'trial-secret' });
    await app.put('/User/u1', { userName: 'u1', data: { patient: 'p1' } });
    await app.put('/IdentityProvider/mapping', {
      system: 'https://mapping.example',
      roleMapping: [
        { claim: 'groups', value: 'g', role: 'mapped' },
        { claim: 'roles', prefix: 'kc:' },
      ],
    });
    await app.put('/Role/nurse', { name: 'nurse', user: { reference: 'User/u1' } });
  });
  afterAll(async () => {
    await app.stop();
  });

  const post = (path: string, body: unknown) => app.call('POST', path, { asRoot: true, body });
  const trial = async (request: object, policy: object) => {
    const { json, status } = await post('/auth/test-policy', { request, policy });
    return { status, ...json } as { status: number; request: Record<string, unknown> } & Record<
      'operation' | 'result' | 'policy',
      Record<string, unknown>
    >;
  };

  it('completes the request as the server would', async () => {
    const { request, operation, policy, result } = await trial(
      { uri: '/fhir/Patient/p1?_elements=name&x=', 'request-method': 'GET' },
      ALLOW,
    );

    expect(request).toEqual({
      uri: '/fhir/Patient/p1',
      'request-method': 'get',
      'query-string': '_elements=name&x=',
      params: { 'resource/type': 'Patient', 'resource/id': 'p1', _elements: 'name' },
      operation: { id: 'FhirRead' },
    });
    expect(operation).toEqual({ id: 'FhirRead' });
    expect(policy).toEqual(ALLOW);
    expect(result).toMatchObject({ 'eval-result': true, applies: true, reason: null });
  });

  it.each([
    ['get', '/fhir/Patient', 'FhirSearch'],
    ['head', '/fhir/Patient/p1', 'FhirRead'],
    ['post', '/fhir/Patient/_search', 'FhirSearch'],
    ['post', '/fhir/Patient', 'FhirCreate'],
    ['put', '/User/u1', 'FhirUpdate'],
    ['patch', '/fhir/User/u1', 'FhirPatch'],
    ['get', '/fhir/Patient/p1/_history', 'FhirHistory'],
    ['get', '/fhir/Patient/p1/_history/2', 'FhirVread'],
    ['get', '/fhir/Patient/_history', 'FhirHistoryType'],
    ['post', '/$matcho', 'matcho'],
    ['get', '//fhir///Patient/', 'FhirSearch'],
  ])('finds the operation of %s %s: %s', async (method, uri, id) => {
    const { operation } = await trial({ uri, 'request-method': method }, ALLOW);

    expect(operation).toEqual({ id });
  });

  it('knows no operation for a route that there is not', async () => {
    const { operation, request } = await trial({ uri: '/nothing/here' }, ALLOW);

    expect(operation).toBeNull();
    expect(request).toEqual({ uri: '/nothing/here', 'request-method': 'get' });
  });

  it('agrees with what policies see of the same request', async () => {
    const policy = {
      engine: 'matcho',
      matcho: {
        client: { id: 'trial' },
        operation: { id: 'FhirSearch' },
        params: { 'resource/type': 'Observation', _count: '1' },
        'query-string': '_count=1',
        uri: '/fhir/Observation',
      },
    };
    const { result } = await trial(
      { uri: '/fhir/Observation?_count=1', 'client-id': 'trial' },
      policy,
    );

    expect(result['eval-result']).toBe(true);
  });

  it('finds user, roles and client by their ids', async () => {
    const { request, result } = await trial(
      { uri: '/fhir/Patient/p1', 'user-id': 'u1', 'client-id': 'trial' },
      {
        engine: 'matcho',
        roleName: 'nurse',
        matcho: { params: { 'resource/id': '.user.data.patient' }, client: { id: 'trial' } },
      },
    );

    expect(result['eval-result']).toBe(true);
    expect(request).toMatchObject({
      user: { id: 'u1' },
      role: [{ name: 'nurse' }],
      session: { role: [{ name: 'nurse' }] },
    });
    expect(request).not.toHaveProperty('user-id');
    expect(JSON.stringify(request)).not.toContain('sha256');
  });

  it('uses what the request brings as given', async () => {
    const given = {
      user: { id: 'other' },
      role: [{ name: 'doctor' }],
      operation: { id: 'FhirDelete' },
      params: { 'resource/type': 'Observation' },
      jwt: { iss: 'given' },
      token: { active: true },
    };
    const headers = { Authorization: `Bearer ${signJwt(KEY, accessClaims(ISSUER))}` };
    const { request, operation } = await trial(
      { uri: '/fhir/Patient/p1', 'user-id': 'u1', headers, ...given },
      ALLOW,
    );

    expect(request).toMatchObject(given);
    expect(request['params']).toEqual(given.params);
    expect(request['session']).toEqual({ role: given.role });
    expect(operation).toEqual(given.operation);
  });

  it('reads a bearer token without verifying it, and never shows it', async () => {
    const token = signJwt(KEY, { iss: 'https://nobody.example.com', exp: 1 });
    const { request, result } = await trial(
      { uri: '/fhir/Patient', headers: { Authorization: `Bearer ${token}` } },
      { engine: 'matcho', matcho: { jwt: { iss: 'https://nobody.example.com' } } },
    );

    expect(result['eval-result']).toBe(true);
    expect(request['jwt']).toEqual({ iss: 'https://nobody.example.com', exp: 1 });
    expect(request['headers']).toEqual({ authorization: 'Bearer [redacted]' });
  });

  it('removes empty values as a decision would', async () => {
    const { request } = await trial({ uri: '/fhir/Patient', user: { id: '', data: {} } }, ALLOW);

    expect(request).not.toHaveProperty('user');
  });

  it('explains every difference, and warns', async () => {
    const { result } = await trial(
      { uri: '/fhir/Patient' },
      { engine: 'matcho', matcho: { user: 'present?', uri: { $not: '#Patient' } } },
    );

    expect(result).toMatchObject({
      applies: true,
      'eval-result': false,
      reason: 'mismatch',
      mismatch: { path: ['user'] },
      explain: [{ path: ['user'] }, { path: ['uri'] }],
    });
  });

  it.each([
    [
      ['not-admits-anonymous', 'unanchored-regex', 'tried-on-every-request'],
      { engine: 'matcho', matcho: { uri: { $not: '#Patient' } } },
    ],
    [['allows-every-request'], ALLOW],
    [['issuer-only'], { engine: 'matcho', matcho: { jwt: { iss: ISSUER } } }],
    [['unknown-operation'], { ...ALLOW, link: [{ reference: 'Operation/FhirRaed' }] }],
    [[], { ...ALLOW, link: [{ reference: 'Operation/FhirRead' }] }],
    [['unknown-role'], { ...ALLOW, roleName: 'nurze' }],
    [[], { ...ALLOW, roleName: 'nurse' }],
    [[], { ...ALLOW, roleName: 'mapped' }],
    [[], { ...ALLOW, roleName: 'kc:whatever' }],
  ])('warns of %j, here and when the policy is written', async (codes, policy) => {
    const { result } = await trial({ uri: '/fhir/Patient' }, policy);
    const draft = { ...policy, status: 'draft' };
    const written = await app.call('PUT', '/AccessPolicy/lint', { asRoot: true, body: draft });

    const warned = (result['warnings'] as { code: string }[]).map(({ code }) => code);
    expect(warned).toEqual(codes);
    const header = written.headers.get('warning') ?? '';
    expect([...header.matchAll(/"([a-z-]+): /g)].map(([, code]) => code)).toEqual(codes);
  });

  it.each([
    ['status', { ...ALLOW, status: 'draft' }],
    ['link', { ...ALLOW, link: [{ reference: 'User/u2' }] }],
    ['roleName', { ...ALLOW, roleName: 'doctor' }],
    ['type', { ...ALLOW, type: 'rpc' }],
  ])('says that a policy does not apply for its %s', async (reason, policy) => {
    const { result } = await trial({ uri: '/fhir/Patient', 'user-id': 'u1' }, policy);

    expect(result).toMatchObject({ applies: false, 'eval-result': false, reason });
  });

  it.each([
    [true, { 'ns/read': true }, { uri: '/rpc?_m=ns/read', 'request-method': 'post' }],
    [true, { 'ns/read': true }, { uri: '/rpc', params: { _m: 'ns/read' } }],
    [false, { 'ns/read': true }, { uri: '/rpc?_m=ns/write' }],
    [false, { 'ns/read': true }, { uri: '/fhir/Patient?_m=ns/read' }],
  ])('answers %s for allow-rpc %j and %j', async (expected, rpc, request) => {
    const { result } = await trial(request, { engine: 'allow-rpc', type: 'rpc', rpc });

    expect(result['eval-result']).toBe(expected);
  });

  it('tries matcho-rpc with the pattern of the method', async () => {
    const policy = { engine: 'matcho-rpc', rpc: { 'ns/read': { user: { id: 'u1' } } } };
    const request = { uri: '/rpc', params: { _m: 'ns/read' } };

    expect((await trial({ ...request, 'user-id': 'u1' }, policy)).result['eval-result']).toBe(true);
    expect((await trial(request, policy)).result['eval-result']).toBe(false);
  });

  it('tells a policy that holds but does not speak of administration', async () => {
    const policy = { engine: 'matcho', matcho: { jwt: { iss: ISSUER } } };
    const request = { 'request-method': 'put', jwt: { iss: ISSUER } };

    expect((await trial({ ...request, uri: '/User/u9' }, policy)).result).toMatchObject({
      'eval-result': true,
      reason: 'not-administrative',
    });
    expect((await trial({ ...request, uri: '/fhir/Patient/p9' }, policy)).result).toMatchObject({
      'eval-result': true,
      reason: null,
    });
  });

  it('decides by several policies in the order of cost', async () => {
    const reply = await post('/auth/test-policy', {
      request: { uri: '/fhir/Patient', 'user-id': 'u1' },
      policies: [
        { id: 'z', engine: 'matcho', matcho: { user: { id: 'u1' } } },
        { id: 'a', engine: 'matcho', matcho: { user: { id: 'u2' } } },
        { id: 'never-asked', engine: 'json-schema', schema: { required: ['user'] } },
        { id: 'linked', engine: 'allow', link: [{ reference: 'Client/root' }] },
      ],
    });

    expect(reply.json).toMatchObject({
      decision: 'allow',
      policy: 'z',
      operation: { id: 'FhirSearch' },
    });
    expect(reply.json?.['considered']).toMatchObject([
      { id: 'linked', applies: false, 'eval-result': false, reason: 'link' },
      { id: 'a', applies: true, 'eval-result': false, reason: 'mismatch' },
      { id: 'z', applies: true, 'eval-result': true, reason: null },
    ]);
  });

  it('denies without policies, and names those without an id by their place', async () => {
    const decide = (policies: object[]) =>
      post('/auth/test-policy', { request: { uri: '/fhir/Patient' }, policies });

    expect((await decide([])).json).toMatchObject({
      decision: 'deny',
      policy: null,
      considered: [],
    });
    expect((await decide([ALLOW])).json).toMatchObject({
      decision: 'allow',
      policy: 'policies[0]',
    });
  });

  it('executes and stores nothing', async () => {
    const request = { uri: '/fhir/Patient/made-up', 'request-method': 'put', body: { a: 1 } };
    await trial(request, { ...ALLOW, id: 'made-up' });

    expect((await app.call('GET', '/fhir/Patient/made-up', { asRoot: true })).status).toBe(404);
    expect((await app.call('GET', '/AccessPolicy/made-up', { asRoot: true })).status).toBe(404);
  });
});
