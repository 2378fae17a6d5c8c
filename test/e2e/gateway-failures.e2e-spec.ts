import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { basic, ROOT_SECRET, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { eventually, until } from '../support/until.js';

const PATIENT = { resourceType: 'Patient', id: 'p1', active: true };
const SHORT = {
  WARDGATE_UPSTREAM_CONNECT_TIMEOUT: '300ms',
  WARDGATE_UPSTREAM_HEADERS_TIMEOUT: '500ms',
  WARDGATE_UPSTREAM_BODY_TIMEOUT: '500ms',
};
const FHIR = { 'content-type': 'application/fhir+json' };

let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...SHORT });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

beforeEach(async () => {
  upstream.answerJson(PATIENT);
  await until(200, read);
  upstream.calls.length = 0;
});

function read(path = '/fhir/Patient/p1'): Promise<Reply> {
  return gateway.call('GET', path, { asRoot: true });
}

function expectOutcome(reply: Reply, status: number): void {
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  expect(reply.json).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error' }],
  });
  // Where the upstream is, and what it is, is nobody's business.
  expect(reply.text).not.toMatch(/127\.0\.0\.1|ECONN|undici|UND_ERR/);
}

describe('an upstream that is down', () => {
  it('is a 502, then left alone with 503, and asked again without a restart', async () => {
    await upstream.stop();

    expectOutcome(await read(), 502);
    const left = await until(503, read);
    expectOutcome(left, 503);
    expect(Number(left.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);

    await upstream.start();
    const back = await until(200, read);
    expect(back.json).toEqual(PATIENT);
  });
});

describe('an upstream that does not speak in time', () => {
  it('is a 504 before the headers', async () => {
    upstream.answerWith(() => undefined);

    expectOutcome(await read(), 504);
  });

  it('is a 504 within a short body, of which nothing was handed on', async () => {
    upstream.answerWith((_request, response) => {
      response.writeHead(200, FHIR).write('{"resourceType":');
    });

    expectOutcome(await read(), 504);
  });

  it('is a 504 where no TLS connection comes about', async () => {
    const sockets = new Set<Socket>();
    const silent: Server = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const other = await startTestApp({
      FHIR_UPSTREAM_URL: `https://127.0.0.1:${port}/fhir`,
      ...SHORT,
    });

    expectOutcome(await other.call('GET', '/fhir/Patient/p1', { asRoot: true }), 504);

    await other.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('an upstream that breaks off', () => {
  it('before the headers is asked once more for a read', async () => {
    let times = 0;
    upstream.answerWith((request, response) => {
      times += 1;
      if (times === 1) request.socket.destroy();
      else response.writeHead(200, FHIR).end(JSON.stringify(PATIENT));
    });

    expect((await read()).json).toEqual(PATIENT);
    expect(times).toBe(2);
  });

  it('before the headers is not asked again for a write', async () => {
    let times = 0;
    upstream.answerWith((request) => {
      times += 1;
      request.socket.destroy();
    });

    const written = await gateway.call('PUT', '/fhir/Patient/p1', { asRoot: true, body: PATIENT });

    expectOutcome(written, 502);
    expect(times).toBe(1);
  });

  it('is asked twice at most', async () => {
    let times = 0;
    upstream.answerWith((request) => {
      times += 1;
      request.socket.destroy();
    });

    expectOutcome(await read(), 502);
    expect(times).toBe(2);
  });

  it('within a short body is a 502', async () => {
    upstream.answerWith((request, response) => {
      response.writeHead(200, { ...FHIR, 'content-length': '100' }).write('{"resourceType":');
      setTimeout(() => request.socket.destroy(), 50);
    });

    expectOutcome(await read(), 502);
  });

  it('within a long body breaks off the answer, so that nobody takes it for whole', async () => {
    upstream.answerWith((request, response) => {
      const beginning = '{"resourceType":"Patient","id":"p1","x":"';
      response.writeHead(200, FHIR).write(`${beginning}${'x'.repeat(100_000)}`);
      setTimeout(() => request.socket.destroy(), 50);
    });

    await expect(read()).rejects.toThrow(/terminated|fetch failed/);
  });
});

describe('an upstream that answers nonsense', () => {
  it.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'x-a: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(5000)}`],
  ])('is a 502: %s', async (_name, bytes) => {
    upstream.answerWith((request) => request.socket.end(bytes));

    expectOutcome(await read(), 502);
  });

  it.each([
    ['a redirect', 302, { location: 'http://127.0.0.1:1/' }, ''],
    ['another redirect', 308, { location: '/fhir/Patient/p2', ...FHIR }, '{}'],
    ['a page', 200, { 'content-type': 'text/html' }, '<script>alert(1)</script>'],
    ['XML', 200, { 'content-type': 'application/fhir+xml' }, '<Patient/>'],
    ['no type', 200, {}, '{}'],
    ['another charset', 200, { 'content-type': 'application/json; charset=utf-16' }, '{}'],
    ['a coding nobody asked for', 200, { ...FHIR, 'content-encoding': 'compress' }, 'x'],
    ['a page of failure', 500, { 'content-type': 'text/html' }, '<h1>Failed</h1>'],
    ['that it wants a credential', 401, FHIR, '{"resourceType":"OperationOutcome"}'],
    ['that a proxy wants one', 407, FHIR, '{"resourceType":"OperationOutcome"}'],
  ])('is a 502: %s', async (_name, status, headers, body) => {
    upstream.answerWith((_request, response) => response.writeHead(status, headers).end(body));

    expectOutcome(await read(), 502);
    expect(upstream.calls.map(({ url }) => url)).toEqual(['/fhir/Patient/p1']);
  });

  it('keeps the status of a refusal that is no OperationOutcome, and not its page', async () => {
    const page = '<h1>Not here</h1>';
    upstream.answerWith((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end(page),
    );

    const reply = await read();

    expectOutcome(reply, 404);
    expect(reply.text).not.toContain('Not here');
  });

  it('hands on a refusal that is one', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ code: 'deleted' }] };
    upstream.answerJson(outcome, {}, 410);

    const reply = await read();

    expect(reply.status).toBe(410);
    expect(reply.json).toEqual(outcome);
  });
});

describe('a client that hangs up', () => {
  it('ends the request to the upstream, before the answer and within it', async () => {
    for (const beginning of ['', 'x'.repeat(100_000)]) {
      let isClosed = false;
      upstream.answerWith((request, response) => {
        request.socket.on('close', () => (isClosed = true));
        if (beginning !== '') response.writeHead(200, FHIR).write(`{"a":"${beginning}`);
      });
      const hangUp = new AbortController();
      const authorization = basic('root', ROOT_SECRET);
      const asked = fetch(`${gateway.baseUrl}/fhir/Patient/p1`, {
        headers: { authorization },
        signal: hangUp.signal,
      }).then((response) => response.text());
      asked.catch(() => undefined);
      await eventually(async () => upstream.calls.length > 0);

      hangUp.abort();

      await expect(asked).rejects.toThrow();
      await eventually(async () => isClosed);
      upstream.calls.length = 0;
    }
  });
});

describe('after all this', () => {
  it('no connection is left that is not kept for the next request', async () => {
    upstream.answerJson(PATIENT);
    await until(200, read);
    upstream.answerWith((_request, response) => response.writeHead(200, FHIR).end('{}'));
    await eventually(async () => (await used()) === 0);
  });

  /** Connections in use, as the numbers say. */
  async function used(): Promise<number> {
    const { text } = await gateway.call('GET', '/metrics', { asRoot: true });
    return Number(/wardgate_upstream_connections\{state="used"\} (\d+)/.exec(text)?.[1]);
  }
});
