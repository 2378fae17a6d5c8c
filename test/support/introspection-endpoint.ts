import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the endpoint answers: as it should, or in one of the ways in which endpoints fail. */
export type EndpointMode =
  | 'up'
  | 'slow'
  | 'garbage'
  | 'redirect'
  | 'huge'
  | 'twice'
  | 400
  | 401
  | 403
  | 404
  | 429
  | 500
  | 503;

/** One question, as it arrived. */
export interface Asked {
  readonly method: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An introspection endpoint (RFC 7662) on loopback that remembers what it was asked. */
export interface IntrospectionEndpoint {
  readonly url: string;
  readonly asked: Asked[];
  /** What it answers about which token; `{active: false}` about all others. */
  readonly answers: Map<string, object>;
  mode: EndpointMode;
  /** Milliseconds that every answer takes. */
  delayMs: number;
  /** How often it was asked about a token. */
  askedAbout(token: string): number;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port. */
export async function startIntrospectionEndpoint(): Promise<IntrospectionEndpoint> {
  const server = createServer((request, response) => {
    void read(request).then((asked) => {
      endpoint.asked.push(asked);
      setTimeout(() => answer(endpoint, asked.form['token'] ?? '', response), endpoint.delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: IntrospectionEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
    asked: [],
    answers: new Map(),
    mode: 'up',
    delayMs: 0,
    askedAbout: (token) => endpoint.asked.filter(({ form }) => form['token'] === token).length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return endpoint;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  return {
    method: request.method ?? '',
    form: Object.fromEntries(form),
    headers: { ...request.headers },
  };
}

function answer(endpoint: IntrospectionEndpoint, token: string, response: ServerResponse): void {
  const body = endpoint.answers.get(token) ?? { active: false };
  switch (endpoint.mode) {
    case 'up':
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
      return;
    case 'slow':
      // Never answered; the caller's deadline or stop() ends it.
      return;
    case 'garbage':
      response.end('<html>');
      return;
    case 'redirect':
      response.writeHead(302, { location: endpoint.url }).end();
      return;
    case 'huge':
      response.end(JSON.stringify({ ...body, padding: 'x'.repeat(1_048_576) }));
      return;
    case 'twice':
      response.end('{"active":false,"active":true}');
      return;
    case 400:
    case 401:
    case 403:
    case 404:
    case 429:
    case 500:
    case 503:
      response.writeHead(endpoint.mode).end(JSON.stringify(body));
  }
}
