import { callAs, CLIENT_SECRET } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';
import { exchange, rawCall, rawMessage, type RawRequest } from '../support/raw-http.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

const AUTHORIZATION = ['Authorization', basic('reader', CLIENT_SECRET)] as const;
const READ = '/fhir/Patient/p1';

describe('a request that means to walk past the gateway', () => {
  let fixture: GatewayFixture;

  const call = (request: RawRequest) =>
    rawCall(fixture.gateway.baseUrl, {
      ...request,
      headers: [AUTHORIZATION, ...(request.headers ?? [])],
    });

  beforeAll(async () => {
    fixture = await startGateway();
    for (const id of ['p1', 'secret']) {
      await fixture.store.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id });
    }
    await fixture.addClient('reader', [{ operation: { id: 'FhirRead' }, uri: `#^${READ}$` }]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.taken();
  });

  it('is passed where it is what it seems', async () => {
    expect((await call({ target: READ })).status).toBe(200);
    expect(fixture.upstream.lines()).toEqual([`GET ${READ}`]);
  });

  it.each([
    ['dot segments', '/fhir/Patient/p1/../secret', 400],
    ['encoded dot segments', '/fhir/Patient/p1/%2e%2e/secret', 400],
    ['an encoded slash', '/fhir/Patient/p1%2f..%2fsecret', 400],
    ['a slash that is encoded twice', '/fhir/Patient/p1%252f..%252fsecret', 400],
    ['a letter that is encoded twice', '/fhir/Patient/%2570%31', 400],
    ['a backslash', '/fhir/Patient/p1\\..\\secret', 400],
    ['an encoded backslash', '/fhir/Patient/p1%5c..%5csecret', 400],
    ['NUL', '/fhir/Patient/p1%00', 400],
    ['a path parameter', '/fhir/Patient/p1;x=/../secret', 400],
    ['a fragment', '/fhir/Patient/p1#/../secret', 400],
    ['overlong UTF-8', '/fhir/Patient/p1%c0%afsecret', 400],
    ['a space', '/fhir/Patient/p1%20secret', 400],
    ['a line break', '/fhir/Patient/p1%0d%0aX: y', 400],
    ['an unread parameter', `${READ}?_method=DELETE`, 400],
    ['an unread parameter that selects', `${READ}?_id=secret`, 400],
    ['the name of a route parameter', `${READ}?resource/id=secret`, 400],
    ['another path of the upstream', '/metadata/../fhir/Patient/secret', 400],
  ])('is refused with %s', async (_, target, status) => {
    expect((await call({ target })).status).toBe(status);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it.each([
    ['the absolute form', 'http://wardgate/fhir/Patient/p1'],
    ['the absolute form of another server', 'http://elsewhere.example/fhir/Patient/p1'],
    ['slashes too many', '//fhir//Patient///p1/'],
    ['escapes', '/%66hir/%50atient/p%31'],
  ])('is sent in one spelling where it comes in %s', async (_, target) => {
    expect((await call({ target })).status).toBe(200);
    expect(fixture.upstream.lines()).toEqual([`GET ${READ}`]);
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    'stays what it is with %s, which is not passed',
    async (name) => {
      expect((await call({ target: READ, headers: [[name, 'DELETE']] })).status).toBe(200);
      const [sent] = fixture.upstream.taken();
      expect(sent?.method).toBe('GET');
      expect(sent?.headers).not.toHaveProperty(name.toLowerCase());
      const post = { method: 'POST', target: READ, headers: [[name, 'GET']], body: '{}' } as const;
      expect((await call(post)).status).toBeGreaterThanOrEqual(400);
      expect(fixture.upstream.lines()).toEqual([]);
    },
  );

  it('passes no header that was not understood, and no credential', async () => {
    const names = ['Cookie', 'su', 'X-Forwarded-For', 'X-Wardgate-User', 'X-Original-URL', 'Range'];
    const hopByHop = ['Connection', 'Keep-Alive', 'TE', 'Upgrade', 'Proxy-Authorization'];
    await call({
      target: READ,
      headers: [...names, ...hopByHop].map((name) => [name, 'forged'] as const),
    });
    const [sent] = fixture.upstream.taken();

    for (const value of Object.values(sent?.headers ?? {})) expect(value).not.toContain('forged');
    expect(sent?.headers).not.toHaveProperty('authorization');
    expect(sent?.headers).not.toHaveProperty('cookie');
  });

  const smuggled = `GET /fhir/Patient/secret HTTP/1.1\r\nHost: x\r\n\r\n`;
  it.each([
    ['two lengths', [`Content-Length: 0`, `Content-Length: ${smuggled.length}`]],
    ['a list of lengths', [`Content-Length: 0, ${smuggled.length}`]],
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['chunks and another coding', ['Transfer-Encoding: chunked, identity']],
    ['a coding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
    ['a coding with a space before its colon', ['Transfer-Encoding : chunked']],
    ['a length with a sign', ['Content-Length: +0']],
    ['a folded header', ['X: y', ' Transfer-Encoding: chunked']],
    ['a bare line feed', ['X: y\nTransfer-Encoding: chunked']],
  ])('smuggles nothing by %s', async (_, lines) => {
    const head = [`GET ${READ} HTTP/1.1`, 'Host: wardgate', AUTHORIZATION.join(': '), ...lines];
    const replies = await exchange(
      fixture.gateway.baseUrl,
      `${head.join('\r\n')}\r\nConnection: close\r\n\r\n0\r\n\r\n${smuggled}`,
    );

    expect(replies.map(({ status }) => status)).toEqual([400]);
    expect(fixture.upstream.lines()).toEqual([]);
  });

  it('smuggles nothing in the body of a read', async () => {
    const message = rawMessage({ target: READ, headers: [AUTHORIZATION], body: smuggled });
    const replies = await exchange(fixture.gateway.baseUrl, message);

    expect(replies).toHaveLength(1);
    for (const { url, body } of fixture.upstream.taken()) {
      expect({ url, body }).toEqual({ url: READ, body: '' });
    }
  });

  describe('on another instance', () => {
    let other: TestApp;
    const search = '/fhir/Patient?_count=1';

    beforeAll(async () => {
      await fixture.addClient('searcher', [{ operation: { id: 'FhirSearch' } }]);
      await fixture.addClient('thief', [{ operation: { id: 'FhirSearch' } }]);
      other = await startTestApp(
        { FHIR_UPSTREAM_URL: `${fixture.upstream.url}/fhir` },
        fixture.gateway.database,
      );
    });
    afterAll(async () => {
      await other.stop();
    });

    it('has its pages, and nobody else’s', async () => {
      const get = (app: TestApp, path: string, client: string) => callAs(app, client, 'GET', path);
      const first = await get(fixture.gateway, search, 'searcher');
      const links = first.json?.['link'] as { relation: string; url: string }[];
      const next = links.find(({ relation }) => relation === 'next')?.url ?? '';
      const path = next.replace(fixture.gateway.baseUrl, '');

      expect((await get(other, path, 'searcher')).status).toBe(200);
      fixture.upstream.taken();
      expect((await get(other, path, 'thief')).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([]);
    });
  });
});
