import { once } from 'node:events';
import { Agent, request as openRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { basic, ROOT_SECRET } from './test-app.js';
import type { WardgateProcess } from './wardgate-process.js';

/** Begins a create of which the server then has everything but the end of the body. */
export async function beginCreate({
  port,
}: WardgateProcess): Promise<{ request: ClientRequest; finish(): Promise<IncomingMessage> }> {
  const body = JSON.stringify({ resourceType: 'Patient', active: true });
  const request = openRequest({
    ...{ host: '127.0.0.1', port, method: 'POST', path: '/fhir/Patient' },
    agent: new Agent({ keepAlive: true }),
    headers: {
      authorization: basic('root', ROOT_SECRET),
      'content-type': 'application/fhir+json',
      'content-length': body.length,
      // Its answer tells that the server has begun with the request.
      expect: '100-continue',
    },
  });
  request.on('error', () => undefined);
  request.flushHeaders();
  await once(request, 'continue');
  request.write(body.slice(0, 10));
  return {
    request,
    finish: async () => {
      request.end(body.slice(10));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return response;
    },
  };
}

/** Resolves when nobody listens on a port of loopback any more. */
export async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (!isOpen) return;
    await delay(10);
  }
}
