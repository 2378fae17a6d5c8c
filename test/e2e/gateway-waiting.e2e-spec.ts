import type { ServerResponse } from 'node:http';
import { addClient, callAs, CLIENT_SECRET } from '../support/bundle-calls.js';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { basic, ROOT_SECRET, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { eventually, until } from '../support/until.js';

const PATIENT = { resourceType: 'Patient', id: 'p1', active: true };
const FHIR = { 'content-type': 'application/fhir+json' };
const TIMEOUTS = {
  WARDGATE_UPSTREAM_CONNECT_TIMEOUT: '1s',
  WARDGATE_UPSTREAM_HEADERS_TIMEOUT: '3s',
};

let upstream: FakeUpstream;
/** Answers that flow slowly, until they are ended. */
const flowing = new Map<ServerResponse, NodeJS.Timeout>();

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.answerWith((request, response) => {
    response.writeHead(200, FHIR);
    const id = request.url?.split('/').at(-1) ?? '';
    if (id !== 'slow') response.end(JSON.stringify({ ...PATIENT, id }));
    else {
      response.write(`{"resourceType":"Patient","id":"slow","text":"${'x'.repeat(100_000)}`);
      flowing.set(
        response,
        setInterval(() => response.write('x'), 50),
      );
    }
  });
});

afterAll(async () => {
  await upstream.stop();
});

function endFlowing(): void {
  for (const [response, timer] of flowing) {
    clearInterval(timer);
    response.end('"}');
  }
  flowing.clear();
}

/** Begins to read what flows slowly; its text is there when all of it is. */
async function beginSlow(
  app: TestApp,
  client = 'root',
  secret = ROOT_SECRET,
): Promise<{ readonly text: Promise<string> }> {
  const response = await fetch(`${app.baseUrl}/fhir/Patient/slow`, {
    headers: { authorization: basic(client, secret) },
  });
  return { text: response.text() };
}

/** Requests that wait for a connection. */
async function waiting(app: TestApp): Promise<number> {
  const { text } = await app.call('GET', '/metrics', { asRoot: true });
  return Number(/wardgate_upstream_connections\{state="waiting"\} (\d+)/.exec(text)?.[1]);
}

const lines = (): readonly string[] => upstream.calls.map(({ method, url }) => `${method} ${url}`);

describe('while the only connection is taken', () => {
  let gateway: TestApp;
  let slow: { readonly text: Promise<string> };

  const put = (): Promise<Reply> =>
    gateway.call('PUT', '/fhir/Patient/p1', { asRoot: true, body: PATIENT });

  beforeAll(async () => {
    gateway = await startTestApp({
      FHIR_UPSTREAM_URL: upstream.url,
      WARDGATE_UPSTREAM_CONNECTIONS: '1',
      ...TIMEOUTS,
    });
  });
  afterAll(async () => {
    await gateway.stop();
  });
  beforeEach(async () => {
    upstream.calls.length = 0;
    slow = await beginSlow(gateway);
  });
  afterEach(async () => {
    endFlowing();
    expect(await slow.text).toMatch(/x"}$/);
    await until(200, () => gateway.call('GET', '/fhir/Patient/p1', { asRoot: true }));
  });

  it('a request waits', async () => {
    const reply = put();
    await eventually(async () => (await waiting(gateway)) === 1);
    expect(lines()).toEqual(['GET /fhir/Patient/slow']);

    endFlowing();

    expect((await reply).status).toBe(200);
    expect(lines()).toEqual(['GET /fhir/Patient/slow', 'PUT /fhir/Patient/p1']);
  });

  it('a request waits no longer than connecting and answering may take, and is never sent', async () => {
    const reply = await put();
    endFlowing();
    await slow.text;
    const next = await gateway.call('GET', '/fhir/Patient/p2', { asRoot: true });

    expect(reply.status).toBe(504);
    expect(reply.json).toMatchObject({ resourceType: 'OperationOutcome' });
    expect(next.status).toBe(200);
    expect(lines()).toEqual(['GET /fhir/Patient/slow', 'GET /fhir/Patient/p2']);
  });

  it('who hangs up leaves room, and sends nothing', async () => {
    const hangUp = new AbortController();
    const gone = fetch(`${gateway.baseUrl}/fhir/Patient/gone`, {
      headers: { authorization: basic('root', ROOT_SECRET) },
      signal: hangUp.signal,
    });
    gone.catch(() => undefined);
    await eventually(async () => (await waiting(gateway)) === 1);
    hangUp.abort();
    await expect(gone).rejects.toThrow();
    await eventually(async () => (await waiting(gateway)) === 0);
    const reply = put();
    await eventually(async () => (await waiting(gateway)) === 1);

    endFlowing();

    expect((await reply).status).toBe(200);
    expect(lines()).toEqual(['GET /fhir/Patient/slow', 'PUT /fhir/Patient/p1']);
  });

  it('one request more than may wait is refused', async () => {
    const reply = put();
    await eventually(async () => (await waiting(gateway)) === 1);

    const refused = await gateway.call('GET', '/fhir/Patient/p2', { asRoot: true });

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.json).toMatchObject({ issue: [{ code: 'throttled' }] });
    endFlowing();
    expect((await reply).status).toBe(200);
  });

  it('the gateway is ready, whoever waits', async () => {
    const reply = put();
    await eventually(async () => (await waiting(gateway)) === 1);

    expect((await gateway.call('GET', '/health/ready')).status).toBe(200);

    endFlowing();
    expect((await reply).status).toBe(200);
  });
});

describe('while a caller has its share of the connections', () => {
  let gateway: TestApp;

  beforeAll(async () => {
    gateway = await startTestApp({
      FHIR_UPSTREAM_URL: upstream.url,
      WARDGATE_UPSTREAM_CONNECTIONS: '5',
      ...TIMEOUTS,
    });
    for (const id of ['a', 'b']) await addClient(gateway, id, [{ operation: { id: 'FhirRead' } }]);
  });
  afterAll(async () => {
    await gateway.stop();
  });

  it('it waits, and others do not', async () => {
    const read = (client: string) => callAs(gateway, client, 'GET', '/fhir/Patient/p1');
    const slow = [await beginSlow(gateway, 'a', CLIENT_SECRET)];
    expect((await read('a')).status).toBe(200);
    slow.push(await beginSlow(gateway, 'a', CLIENT_SECRET));

    const late = read('a');
    await eventually(async () => (await waiting(gateway)) === 1);

    expect((await read('b')).status).toBe(200);
    expect(await waiting(gateway)).toBe(1);
    endFlowing();
    expect((await late).status).toBe(200);
    for (const { text } of slow) expect(await text).toMatch(/x"}$/);
  });
});

describe('readiness', () => {
  let gateway: TestApp;
  let isWhole: boolean | undefined;

  const ready = (): Promise<Reply> => gateway.call('GET', '/health/ready');

  beforeAll(async () => {
    gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...TIMEOUTS });
  });
  afterAll(async () => {
    await gateway.stop();
  });

  it('reads to its end what the upstream says', async () => {
    upstream.answerWith((_request, response) => {
      response.on('close', () => (isWhole = response.writableFinished));
      response.writeHead(200, FHIR).write('{');
      setTimeout(() => response.end('}'), 100);
    });

    await until(200, ready);
    await eventually(async () => isWhole !== undefined);

    expect(isWhole).toBe(true);
  });

  it('is over where the upstream never answers', async () => {
    upstream.answerWith(() => undefined);

    await until(503, ready);
    await until(503, ready);
  });
});
