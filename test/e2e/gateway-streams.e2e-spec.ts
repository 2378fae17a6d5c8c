import { connect, type Socket } from 'node:net';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { basic, ROOT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

const FHIR = { 'content-type': 'application/fhir+json' };
const MIB = 1_048_576;
const BEGINNING = '{"resourceType":"Patient","id":"p1","x":"';
/** Far less than what passes, far more than what one answer holds. */
const ROOM_BYTES = 200 * MIB;
const AUTHORIZATION = basic('root', ROOT_SECRET);

let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  gateway = await startTestApp({
    FHIR_UPSTREAM_URL: upstream.url,
    // All clients are one caller here.
    WARDGATE_UPSTREAM_CONNECTIONS_PER_CALLER: '256',
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** Writes a resource of so many bytes as fast as it is taken; endless ones until the connection ends. */
function answerLong(bytes: number): { readonly written: () => number } {
  const part = Buffer.alloc(65_536, 'x');
  let written = 0;
  upstream.answerWith((_request, response) => {
    let left = bytes;
    response.writeHead(200, FHIR).write(BEGINNING);
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= part.length;
        written += part.length;
        if (!response.write(part)) {
          response.once('drain', more);
          return;
        }
      }
      if (left <= 0) response.end('"}');
    };
    more();
  });
  return { written: () => written };
}

async function get(path = '/fhir/Patient/p1', signal?: AbortSignal): Promise<Response> {
  return fetch(`${gateway.baseUrl}${path}`, {
    headers: { authorization: AUTHORIZATION },
    ...(signal ? { signal } : {}),
  });
}

async function lengthOf(response: Response): Promise<number> {
  let bytes = 0;
  for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
  return bytes;
}

describe('a Bundle of 500 MiB', () => {
  const ENTRIES = 8_000;

  function answerBundle(): void {
    const text = 'x'.repeat(65_000);
    const resource = `{"resourceType":"Patient","id":"p1","text":"${text}"}`;
    const entry = `{"fullUrl":"${upstream.url}/Patient/p1","resource":${resource}}`;
    upstream.answerWith((_request, response) => {
      let left = ENTRIES;
      response.writeHead(200, FHIR).write('{"resourceType":"Bundle","type":"searchset","entry":[');
      const more = (): void => {
        while (left > 0 && !response.destroyed) {
          left -= 1;
          if (!response.write(left === 0 ? `${entry}]}` : `${entry},`) && left > 0) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
  }

  it('passes without being held in memory, every link of it rewritten', async () => {
    answerBundle();
    const link = Buffer.from(`"fullUrl":"${gateway.baseUrl}/fhir/Patient/p1"`);
    const before = process.memoryUsage().rss;
    const response = await get('/fhir/Patient');
    let [links, bytes, most] = [0, 0, before];
    let rest: Buffer = Buffer.alloc(0);

    for await (const part of response.body ?? []) {
      bytes += (part as Uint8Array).length;
      const held = Buffer.concat([rest, part as Uint8Array]);
      for (let at = held.indexOf(link); at >= 0; at = held.indexOf(link, at + 1)) links += 1;
      // What may be the beginning of a link, and no whole one.
      rest = Buffer.from(held.subarray(Math.max(0, held.length - link.length + 1)));
      most = Math.max(most, process.memoryUsage().rss);
    }

    expect(bytes).toBeGreaterThan(490 * MIB);
    expect(links).toBe(ENTRIES);
    expect(most - before).toBeLessThan(ROOM_BYTES);
  });
});

describe('an answer without end', () => {
  it('is read no faster than the client reads, and ends with it', async () => {
    const { written } = answerLong(Infinity);
    const hangUp = new AbortController();
    const response = await get(undefined, hangUp.signal);
    // Nobody reads: what is written is what buffers and sockets hold.
    let held = -1;
    await eventually(async () => {
      const isSteady = held === written();
      held = written();
      return isSteady && held > 0;
    });
    expect(held).toBeLessThan(64 * MIB);

    hangUp.abort();

    await expect(response.text()).rejects.toThrow();
    await eventually(async () => [...upstream.sockets].every((socket) => !isBusy(socket)));
  });

  it('is ended for a client that takes nothing of it', async () => {
    answerLong(Infinity);
    const impatient = await startTestApp({
      FHIR_UPSTREAM_URL: upstream.url,
      WARDGATE_UPSTREAM_BODY_TIMEOUT: '1s',
    });
    const { hostname, port } = new URL(impatient.baseUrl);
    const client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    client.write(
      `GET /fhir/Patient/p1 HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}\r\n\r\n`,
    );
    client.pause();
    const busy = (): boolean => [...upstream.sockets].some(isBusy);
    await eventually(async () => busy());

    await eventually(async () => !busy());

    client.destroy();
    await impatient.stop();
  });
});

describe('200 answers at a time', () => {
  it('each come whole, and leave no connection behind that is in use', async () => {
    const length = `${BEGINNING}"}`.length + MIB;
    answerLong(MIB);

    const all = await Promise.all(Array.from({ length: 200 }, async () => lengthOf(await get())));

    expect(all).toEqual(Array.from({ length: 200 }, () => length));
    expect(upstream.sockets.size).toBeLessThanOrEqual(256);
    await eventually(async () => ![...upstream.sockets].some(isBusy));
  });

  it('leave nothing behind when all clients hang up', async () => {
    upstream.answerWith((_request, response) => {
      response.writeHead(200, FHIR).write(`${BEGINNING}${'x'.repeat(262_144)}`);
    });
    const hangUp = new AbortController();
    const begun = Array.from({ length: 200 }, () => get(undefined, hangUp.signal));
    const responses = await Promise.all(begun);

    hangUp.abort();

    for (const response of responses) await expect(response.text()).rejects.toThrow();
    await eventually(async () => ![...upstream.sockets].some(isBusy), 20_000);
    answerLong(0);
    expect((await get()).status).toBe(200);
  });
});

/** Whether an answer is being written on a connection. */
function isBusy(socket: Socket): boolean {
  const { _httpMessage: message } = socket as Socket & { readonly _httpMessage?: unknown };
  return message !== undefined && message !== null && !socket.destroyed;
}
