import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket, type PeerCertificate, type TlsOptions } from 'node:tls';

/** A request as it reached the upstream. */
export interface UpstreamCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Common name of the certificate that was shown. */
  readonly certificate?: string | undefined;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What stands in for a FHIR server: it answers as a test says, and remembers what it was asked. */
export interface FakeUpstream {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  readonly calls: UpstreamCall[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** Says how to answer from now on. */
  answerWith(answer: Answer): void;
  /** Answers with a resource and these headers. */
  answerJson(resource: unknown, headers?: Readonly<Record<string, string>>, status?: number): void;
  /** Closes every connection and takes no new one, until {@link start}. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Speaks TLS in another way from the next connection on. */
  speakTls(tls: TlsOptions): void;
}

/**
 * Listens on loopback; the port stays the same when it stops and starts again.
 *
 * @param tls how it speaks TLS; without, it speaks none
 */
export async function startFakeUpstream(path = '/fhir', tls?: TlsOptions): Promise<FakeUpstream> {
  let answer: Answer = (_request, response) => response.writeHead(404).end();
  const calls: UpstreamCall[] = [];
  const sockets = new Set<Socket>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      calls.push({ method, url, headers, body, certificate: shownBy(request) });
      answer(request, response);
    });
    response.on('error', () => undefined);
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`,
    calls,
    sockets,
    answerWith: (next) => {
      answer = next;
    },
    answerJson: (resource, headers = {}, status = 200) => {
      const text = JSON.stringify(resource);
      answer = (_request, response) => {
        response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers });
        response.end(text);
      };
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    start: () => listen(port),
    speakTls: (next) => {
      if (server instanceof TlsServer) server.setSecureContext(next);
    },
  };
}

/** Common name of the certificate that was shown; undefined where there was none. */
export function shownBy({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Empty where none was shown.
  const shown = socket.getPeerCertificate() as Partial<PeerCertificate>;
  return shown.subject?.CN?.toString();
}
