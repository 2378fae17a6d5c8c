import { gzipSync } from 'node:zlib';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { rawCall } from '../support/raw-http.js';
import { basic, ROOT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

const PATIENT = { resourceType: 'Patient', id: 'p1', active: true };
const AUTHORIZATION = basic('root', ROOT_SECRET);

let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  gateway = await startTestApp({
    FHIR_UPSTREAM_URL: upstream.url,
    WARDGATE_UPSTREAM_OTHER_URLS: 'https://fhir.example.org/r4/',
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

beforeEach(() => {
  upstream.calls.length = 0;
  upstream.answerJson(PATIENT);
});

describe('what the upstream is sent', () => {
  it('is made anew: nothing of the headers of a client but preconditions', async () => {
    await rawCall(gateway.baseUrl, {
      target: '/fhir/Patient/p1?_format=json&_pretty=true',
      headers: [
        ['Authorization', AUTHORIZATION],
        ['Cookie', 'session=1'],
        ['Proxy-Authorization', 'Basic eA=='],
        ['su', 'somebody'],
        ['X-Forwarded-Host', 'elsewhere.example.org'],
        ['X-HTTP-Method-Override', 'DELETE'],
        ['X-Wardgate-User', 'somebody'],
        ['X-Wardgate-Identity', 'forged'],
        ['Keep-Alive', 'timeout=1'],
        ['X-Hop', 'x'],
        ['TE', 'trailers'],
        ['Prefer', 'respond-async, return=minimal'],
        ['If-None-Match', 'W/"7"'],
        ['If-Modified-Since', 'Sun, 01 Nov 2026 00:00:00 GMT'],
        ['Accept-Encoding', 'gzip, zstd;q=0.5'],
        ['Accept', 'application/json'],
      ],
    });

    const [call] = upstream.calls;
    const { 'x-request-id': id, ...headers } = call?.headers ?? {};
    expect(call).toMatchObject({ method: 'GET', url: '/fhir/Patient/p1', body: '' });
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(headers).toEqual({
      host: new URL(upstream.url).host,
      connection: 'keep-alive',
      accept: 'application/fhir+json',
      'accept-encoding': 'gzip',
      'if-none-match': 'W/"7"',
      'if-modified-since': 'Sun, 01 Nov 2026 00:00:00 GMT',
      prefer: 'return=minimal',
      via: expect.stringMatching(/^1\.1 wardgate-[\da-f]{16}$/),
    });
  });

  it('is the body that policies saw, numbers as they were written', async () => {
    const text = '{"resourceType":"Patient","id":"p1","x":1.10,"x":2.50}';

    await gateway.call('PUT', '/fhir/Patient/p1', {
      asRoot: true,
      body: text,
      headers: { 'content-type': 'application/fhir+json', 'if-match': 'W/"3"' },
    });

    expect(upstream.calls).toMatchObject([
      {
        method: 'PUT',
        url: '/fhir/Patient/p1',
        headers: { 'if-match': 'W/"3"', 'content-type': 'application/fhir+json; charset=utf-8' },
        body: '{"resourceType":"Patient","id":"p1","x":2.50}',
      },
    ]);
  });

  it.each([
    ['another type than the URL says', { resourceType: 'Observation', id: 'p1' }],
    ['another id than the URL says', { resourceType: 'Patient', id: 'p2' }],
    ['no type', { id: 'p1' }],
    ['no object', [PATIENT]],
  ])('is nothing where the body is of %s', async (_name, body) => {
    const reply = await gateway.call('PUT', '/fhir/Patient/p1', { asRoot: true, body });

    expect(reply.status).toBe(400);
    expect(upstream.calls).toEqual([]);
  });

  it.each([
    '/fhir/Patient/p1?_elements=id',
    '/fhir/Patient/p%21',
    '/fhir/Patient/..%2FObservation',
    '/fhir/Patient/%2e%2e/Observation/o1',
    '/fhir/Patient/p1/_history/%2e%2e',
    '/fhir/Unknown/p1',
    '/fhir/User/nobody',
    '/fhir/AccessPolicy/nothing',
  ])('is nothing for %s', async (target) => {
    const headers = [['Authorization', AUTHORIZATION]] as const;
    const reply = await rawCall(gateway.baseUrl, { target, headers });

    expect([400, 404]).toContain(reply.status);
    expect(upstream.calls).toEqual([]);
  });

  it('is nothing for whom no policy allows it', async () => {
    expect((await gateway.call('GET', '/fhir/Patient/p1')).status).toBe(401);
    expect(upstream.calls).toEqual([]);
  });

  it('is a HEAD for a HEAD', async () => {
    const reply = await gateway.call('HEAD', '/fhir/Patient/p1', { asRoot: true });

    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(reply.headers.get('content-length')).toBeNull();
    expect(upstream.calls).toMatchObject([{ method: 'HEAD', url: '/fhir/Patient/p1' }]);
  });

  it('is a patch of its kind', async () => {
    await gateway.call('PATCH', '/fhir/Patient/p1', { asRoot: true, body: { active: false } });
    await gateway.call('PATCH', '/fhir/Patient/p1', { asRoot: true, body: [] });

    expect(upstream.calls).toMatchObject([
      { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } },
      { method: 'PATCH', headers: { 'content-type': 'application/json-patch+json' } },
    ]);
  });
});

describe('what a client is answered', () => {
  it('has the versions of the upstream, and no header that is not known to be harmless', async () => {
    upstream.answerJson(PATIENT, {
      etag: 'W/"9"',
      'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT',
      'set-cookie': 'session=upstream',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
      'content-security-policy': "default-src 'unsafe-inline'",
      server: 'upstream/1.0',
      'x-powered-by': 'HAPI',
      'www-authenticate': 'Basic realm="upstream"',
    });

    const { headers, json } = await gateway.call('GET', '/fhir/Patient/p1', { asRoot: true });

    expect(json).toEqual(PATIENT);
    expect(headers.get('etag')).toBe('W/"9"');
    expect(headers.get('last-modified')).toBe('Sun, 22 Nov 2026 10:00:00 GMT');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    for (const name of ['set-cookie', 'access-control-allow-origin', 'cache-control', 'server']) {
      expect([name, headers.get(name)]).toEqual([name, null]);
    }
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('www-authenticate')).toBeNull();
  });

  it.each([
    ['its own base', () => `${upstream.url}/Patient/p1/_history/2`, 'Patient/p1/_history/2'],
    ['another base of it', () => 'https://fhir.example.org/r4/Patient/p1', 'Patient/p1'],
  ])(
    'names a resource under Wardgate where the upstream names it under %s',
    async (_n, at, own) => {
      upstream.answerJson(PATIENT, { location: at(), 'content-location': at() }, 201);

      const { status, headers } = await gateway.call('PUT', '/fhir/Patient/p1', {
        asRoot: true,
        body: PATIENT,
      });

      expect(status).toBe(201);
      expect(headers.get('location')).toBe(`${gateway.baseUrl}/fhir/${own}`);
      expect(headers.get('content-location')).toBe(`${gateway.baseUrl}/fhir/${own}`);
    },
  );

  it('leads nowhere else: a location outside the bases of the upstream is left out', async () => {
    const elsewhere = 'http://10.0.0.7:8080/fhir/Patient/p1';
    upstream.answerJson(PATIENT, { location: elsewhere, 'content-location': '/fhir/x' }, 201);

    const { status, headers } = await gateway.call('GET', '/fhir/Patient/p1', { asRoot: true });

    expect([status, headers.get('location'), headers.get('content-location')]).toEqual([
      ...[201, null, null],
    ]);
  });

  it('is 304 without a body where the upstream says so', async () => {
    upstream.answerWith((_request, response) => response.writeHead(304, { etag: 'W/"7"' }).end());

    const reply = await gateway.call('GET', '/fhir/Patient/p1', {
      asRoot: true,
      headers: { 'if-none-match': 'W/"7"' },
    });

    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([304, '', 'W/"7"']);
  });

  it('is compressed where both sides can be, byte for byte', async () => {
    const body = gzipSync(JSON.stringify({ ...PATIENT, text: 'x'.repeat(100_000) }));
    upstream.answerWith((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' })
        .end(body),
    );

    const { headers, json } = await gateway.call('GET', '/fhir/Patient/p1', { asRoot: true });

    expect(headers.get('content-encoding')).toBe('gzip');
    expect(json).toMatchObject(PATIENT);
  });

  it('is YAML where the client asks for it', async () => {
    const { headers, text } = await gateway.call('GET', '/fhir/Patient/p1', {
      asRoot: true,
      headers: { accept: 'text/yaml' },
    });

    expect(headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(text).toBe('resourceType: Patient\nid: p1\nactive: true\n');
    expect(upstream.calls[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('is JSON where it is too long for YAML', async () => {
    const long = { ...PATIENT, name: [{ family: 'x'.repeat(132_000) }] };
    upstream.answerJson(long);

    const { headers, text } = await gateway.call('GET', '/fhir/Patient/p1', {
      asRoot: true,
      headers: { accept: 'text/yaml' },
    });

    expect(headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(text).toBe(JSON.stringify(long));
  });

  it('is FHIR JSON where the upstream refuses, whatever the client asks for', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ code: 'not-found' }] };
    upstream.answerWith((_request, response) =>
      response
        .writeHead(404, { 'content-type': 'application/fhir+json' })
        .end(JSON.stringify(outcome)),
    );

    const { headers, json } = await gateway.call('GET', '/fhir/Patient/p1', {
      asRoot: true,
      headers: { accept: 'text/yaml' },
    });

    expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(json).toEqual(outcome);
  });

  it('is refused before a write takes effect where the client takes nothing of it', async () => {
    const reply = await gateway.call('PUT', '/fhir/Patient/p1', {
      asRoot: true,
      body: PATIENT,
      headers: { accept: 'application/fhir+xml' },
    });

    expect(reply.status).toBe(406);
    expect(upstream.calls).toEqual([]);
  });
});
