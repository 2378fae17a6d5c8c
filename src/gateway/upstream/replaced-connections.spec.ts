import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../../test/support/until.js';
import { UpstreamConnections } from './connections.js';

let server: Server;
let connections: UpstreamConnections;
let tlsChanges: () => void;
/** Answers that a test has not given yet, and the ports that were asked from. */
let waiting: ServerResponse[];
let ports: (number | undefined)[];

beforeEach(async () => {
  waiting = [];
  ports = [];
  server = createServer((request, response) => {
    ports.push(request.socket.remotePort);
    if (request.url === '/slow') waiting.push(response);
    else response.end('soon');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const settings = {
    upstreamUrl: `http://127.0.0.1:${port}/fhir`,
    connectTimeoutMs: 5000,
    headersTimeoutMs: 600_000,
    bodyTimeoutMs: 5000,
    connections: 1,
  };
  const tls = {
    context: undefined,
    onChange: (listener: () => void) => {
      tlsChanges = listener;
    },
  };
  connections = new UpstreamConnections(settings, tls, () => undefined);
});

afterEach(async () => {
  await connections.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function ask(path: string): Promise<string> {
  const { body } = await connections.kept.request({ method: 'GET', path });
  return body.text();
}

describe('connections to the upstream', () => {
  it('are kept', async () => {
    await ask('/');
    await ask('/');

    expect(new Set(ports).size).toBe(1);
  });

  it('are made anew when TLS changes, while requests under way end on theirs', async () => {
    const begun = ask('/slow');
    await eventually(async () => waiting.length === 1);
    const former = connections.kept;
    tlsChanges();

    // The only connection of the former pool is taken.
    await expect(ask('/')).resolves.toBe('soon');
    waiting[0]?.end('late');
    await expect(begun).resolves.toBe('late');
    expect(new Set(ports).size).toBe(2);
    await eventually(async () => former.destroyed);
  });

  it('are closed with those that end', async () => {
    const begun = ask('/slow');
    await eventually(async () => waiting.length === 1);
    tlsChanges();
    await connections.close();

    await expect(begun).rejects.toThrow();
  }, 10_000);
});
