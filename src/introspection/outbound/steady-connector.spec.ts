import { execFile } from 'node:child_process';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Pool, type Dispatcher } from 'undici';
import { eventually } from '../../../test/support/until.js';
import { steadyConnector } from './steady-connector.js';

/** What a body holds before its reader is waited for. */
const BYTES = 65_536;
/** Milliseconds after which an answer that never ends fails its test. */
const PATIENCE_MS = 5_000;
const CLOSES = `HTTP/1.1 200 OK\r\nConnection: close\r\n`;

/** Asks without the connector, and leaves the answer unread for longer than its end takes to come. */
const WITHOUT = `
  import { Pool } from 'undici';
  await new Pool(process.argv[1]).request({ method: 'GET', path: '/' });
  setTimeout(() => process.exit(), ${PATIENCE_MS});
`;

let server: Server;
let url: string;
let pool: Pool;
let answer: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  pool = new Pool(url, {
    connections: 1,
    connect: steadyConnector({ timeout: 5000 }),
  });
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

function ask(path: string): Promise<Dispatcher.ResponseData> {
  return pool.request({ method: 'GET', path, signal: AbortSignal.timeout(PATIENCE_MS) });
}

async function bytesOf(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    await turn();
  }
  return bytes;
}

describe('an answer whose reader is slow', () => {
  it.each([
    ['a length, read when it is full', `Content-Length: ${BYTES}\r\n`, BYTES],
    ['a length, longer than what is held', `Content-Length: ${BYTES * 8}\r\n`, BYTES * 8],
    ['no length', '', BYTES * 2],
  ])('comes whole from a connection that ends with it: %s', async (_name, header, bytes) => {
    answer = (socket) => {
      socket.write(`${CLOSES}${header}\r\n`);
      socket.end(Buffer.alloc(bytes, 'x'));
    };
    // The second one, on a new connection, shows that the first was given back.
    for (const times of [1, 2]) {
      const { body } = await ask(`/${times}`);
      await eventually(async () => body.readableLength >= BYTES, PATIENCE_MS);
      // The end of the connection comes while nobody reads.
      for (let turns = 0; turns < 50; turns += 1) await turn();

      await expect(bytesOf(body)).resolves.toBe(bytes);
    }
  });

  it('breaks off with a connection that is reset, and no more than that', async () => {
    answer = (socket) => {
      socket.write(`${CLOSES}Content-Length: ${BYTES * 4}\r\n\r\n`);
      socket.write(Buffer.alloc(BYTES, 'x'));
    };
    const { body } = await ask('/');
    body.on('error', () => undefined);
    await eventually(async () => body.readableLength >= BYTES, PATIENCE_MS);
    for (const socket of sockets) socket.resetAndDestroy();
    await eventually(async () => body.errored !== null, PATIENCE_MS);

    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });
});

describe('a connection', () => {
  it('tells of its end when there was nothing more to read', async () => {
    const { hostname, port } = new URL(url);
    const socket = await new Promise<Socket>((resolve, reject) => {
      steadyConnector({})({ hostname, port, protocol: 'http:' }, (...[error, connected]) => {
        if (error) reject(error);
        else resolve(connected);
      });
    });
    let hasEnded = false;
    socket.on('end', () => (hasEnded = true));
    // As TLS hands them on that came together.
    socket.push('the last');
    socket.push(null);
    for (let turns = 0; turns < 5; turns += 1) await turn();

    expect(String(socket.read())).toBe('the last');
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(hasEnded).toBe(false);

    expect(socket.read()).toBeNull();
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(hasEnded).toBe(true);
    socket.destroy();
  });
});

describe('undici without the connector', () => {
  it('still ends the process; once it does not, the connector is needless', async () => {
    answer = (socket) => {
      socket.write(`${CLOSES}Content-Length: ${BYTES}\r\n\r\n`);
      socket.end(Buffer.alloc(BYTES, 'x'));
    };
    const asking = promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', WITHOUT, url],
      { cwd: import.meta.dirname },
    );

    await expect(asking).rejects.toMatchObject({
      stderr: expect.stringContaining('AssertionError'),
    });
  });
});
