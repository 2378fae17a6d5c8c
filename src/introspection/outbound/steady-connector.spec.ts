import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Pool } from 'undici';
import { eventually } from '../../../test/support/until.js';
import { steadyConnector } from './steady-connector.js';

/** What a body holds before its reader is waited for. */
const BYTES = 65_536;
const CLOSES = `HTTP/1.1 200 OK\r\nConnection: close\r\n`;

let server: Server;
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
  pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: 1,
    connect: steadyConnector({ timeout: 5000 }),
  });
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

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
      const { body } = await pool.request({ method: 'GET', path: `/${times}` });
      await eventually(async () => body.readableLength >= BYTES);
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
    const { body } = await pool.request({ method: 'GET', path: '/' });
    body.on('error', () => undefined);
    await eventually(async () => body.readableLength >= BYTES);
    for (const socket of sockets) socket.resetAndDestroy();
    await eventually(async () => body.errored !== null);

    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });
});
