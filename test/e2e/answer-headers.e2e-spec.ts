import { startTestApp, type Call, type Reply, type TestApp } from '../support/test-app.js';

const ORIGIN = 'https://app.example.org';
const START_TIMEOUT_MS = 60_000;

const PREFLIGHT = { 'access-control-request-method': 'PUT' };

function corsOf({ headers }: Reply): { origin: string | null; credentials: string | null } {
  return {
    origin: headers.get('access-control-allow-origin'),
    credentials: headers.get('access-control-allow-credentials'),
  };
}

describe('every answer', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient', active: true });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['a resource', 'GET', '/fhir/Patient/p1', { asRoot: true }, 200],
    ['a page', 'GET', '/docs', {}, 200],
    ['a probe', 'GET', '/health/live', {}, 200],
    ['a refusal', 'GET', '/fhir/Patient/p1', {}, 401],
    ['a bad path', 'GET', '/fhir/%2f', {}, 400],
    ['an unknown method', 'PROPFIND', '/fhir', {}, 404],
    ['a deletion of nothing', 'DELETE', '/fhir/Patient/p2', { asRoot: true }, 204],
  ])('has the security headers: %s', async (_name, method, path, call: Call, status) => {
    const { headers, ...reply } = await app.call(method, path, call);

    expect(reply.status).toBe(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('has an id that the client does not choose', async () => {
    const headers = { 'x-request-id': 'chosen' };

    expect(
      (await app.call('GET', '/health/live', { headers })).headers.get('x-request-id'),
    ).not.toBe('chosen');
  });

  it('names no origin unless one is configured', async () => {
    const headers = { origin: ORIGIN };
    const simple = await app.call('GET', '/health/live', { headers });
    const preflight = await app.call('OPTIONS', '/fhir/Patient', {
      headers: { ...headers, ...PREFLIGHT },
    });

    expect(corsOf(simple).origin).toBeNull();
    expect(corsOf(preflight).origin).toBeNull();
  });

  it('has the same headers to HEAD as to GET, and no body', async () => {
    const get = await app.call('GET', '/fhir/Patient/p1', { asRoot: true });
    const head = await app.call('HEAD', '/fhir/Patient/p1', { asRoot: true });
    const denied = await app.call('HEAD', '/fhir/Patient/p1');

    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'last-modified', 'content-type']) {
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    }
    expect([denied.status, denied.text]).toEqual([401, '']);
  });

  it('has the length of what it leaves out to HEAD', async () => {
    const get = await app.call('GET', '/fhir/Patient/p1', { asRoot: true });
    const head = await app.call('HEAD', '/fhir/Patient/p1', { asRoot: true });

    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(get.text)));
  });

  it('to a version that the client has is 304, and only to whom may read it', async () => {
    const { headers } = await app.call('GET', '/fhir/Patient/p1', { asRoot: true });
    const held = { 'if-none-match': headers.get('etag') ?? '' };
    const same = await app.call('GET', '/fhir/Patient/p1', { asRoot: true, headers: held });
    const other = await app.call('GET', '/fhir/Patient/p1', {
      asRoot: true,
      headers: { 'if-none-match': 'W/"99"' },
    });
    const denied = await app.call('GET', '/fhir/Patient/p1', { headers: held });

    expect([same.status, same.text]).toEqual([304, '']);
    expect(same.headers.get('etag')).toBe(headers.get('etag'));
    expect([other.status, denied.status]).toEqual([200, 401]);
  });

  it('is YAML to who asks for it, but a failure is FHIR JSON', async () => {
    const headers = { accept: 'text/yaml' };
    const found = await app.call('GET', '/fhir/Patient/p1', { asRoot: true, headers });
    const missing = await app.call('GET', '/fhir/Patient/p7', { asRoot: true, headers });

    expect(found.headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(found.text).toContain('resourceType: Patient');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(missing.json).toMatchObject({ resourceType: 'OperationOutcome' });
  });
});

describe('a long answer', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('is JSON to who asks for YAML', async () => {
    const family = (length: number) => ({
      resourceType: 'Patient',
      name: [{ family: 'x'.repeat(length) }],
    });
    const headers = { accept: 'text/yaml' };
    await app.put('/fhir/Patient/short', family(130_000));
    await app.put('/fhir/Patient/long', family(132_000));
    const short = await app.call('GET', '/fhir/Patient/short', { asRoot: true, headers });
    const long = await app.call('GET', '/fhir/Patient/long', { asRoot: true, headers });
    const json = await app.call('GET', '/fhir/Patient/long', { asRoot: true });

    expect(short.text).toContain('\nresourceType: Patient\n');
    expect(long.headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(long.text).toBe(json.text);
  });
});

describe('an answer under https with configured origins', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({
      BOX_WEB_BASE_URL: 'https://wardgate.example.org',
      BOX_SECURITY_CORS_ORIGINS: ORIGIN,
    });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('tells browsers to stay with https', async () => {
    const { headers } = await app.call('GET', '/fhir/Patient');

    expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
  });

  it('names the origin that is allowed, and no other', async () => {
    const ask = async (method: string, origin: string) =>
      corsOf(await app.call(method, '/fhir/Patient', { headers: { origin, ...PREFLIGHT } }));

    for (const method of ['GET', 'OPTIONS']) {
      expect((await ask(method, ORIGIN)).origin).toBe(ORIGIN);
      for (const other of ['https://evil.example', `${ORIGIN}.evil.example`, 'null']) {
        expect((await ask(method, other)).origin).toBeNull();
      }
    }
  });
});

describe('an answer to any origin', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_CORS_ORIGINS: '*' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('never goes with credentials', async () => {
    const reply = await app.call('GET', '/fhir/Patient', { headers: { origin: ORIGIN } });

    expect(corsOf(reply)).toEqual({ origin: '*', credentials: null });
  });
});
