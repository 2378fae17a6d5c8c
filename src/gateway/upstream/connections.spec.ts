import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { eventually } from '../../../test/support/until.js';
import { UpstreamConnections } from './connections.js';

/** What a body holds before its reader is waited for. */
const BYTES = 65_536;

let server: Server;
let connections: UpstreamConnections;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${BYTES}\r\n\r\n`);
      socket.end(Buffer.alloc(BYTES, 'x'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  connections = new UpstreamConnections(
    {
      upstreamUrl: `http://127.0.0.1:${port}/fhir`,
      connectTimeoutMs: 5000,
      headersTimeoutMs: 5000,
      bodyTimeoutMs: 5000,
      connections: 1,
    },
    { context: undefined, onChange: () => undefined },
    () => undefined,
  );
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

describe('connections to the upstream', () => {
  it.each(['kept', 'fresh', 'probing'] as const)(
    'may end while an answer waits for its reader: %s',
    async (kind) => {
      const { body } = await connections[kind].request({ method: 'GET', path: '/' });
      await eventually(async () => body.readableLength >= BYTES);
      for (let turns = 0; turns < 50; turns += 1) await turn();

      await expect(body.text()).resolves.toHaveLength(BYTES);
    },
  );
});
