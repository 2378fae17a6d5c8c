import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server answers: as it should, or in one of the ways in which issuers fail. */
export type JwksMode =
  'up' | 'down' | 'slow' | 'held' | 'garbage' | 'not-a-set' | 'huge' | 'redirect' | 'other-issuer';

/** An issuer on loopback that publishes a JWK set and a discovery document, and counts requests. */
export interface JwksServer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Requests per path. */
  readonly requests: ReadonlyMap<string, number>;
  /** The published keys; replace to rotate. */
  keys: readonly object[];
  mode: JwksMode;
  /** Answers everything that was asked while `held`, with the keys of the moment of the question. */
  release(): void;
  stop(): Promise<void>;
}

const JWKS_PATH = '/.well-known/jwks.json';
const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** Starts the server on a free port. */
export async function startJwksServer(keys: readonly object[] = []): Promise<JwksServer> {
  const requests = new Map<string, number>();
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    answer(request, response, jwks, { requests, held });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwks: JwksServer = {
    issuer,
    jwksUri: `${issuer}${JWKS_PATH}`,
    requests,
    keys,
    mode: 'up',
    release: () => {
      for (const end of held.splice(0)) end();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return jwks;
}

/** How often the JWK set was asked for. */
export function jwksRequests(server: JwksServer): number {
  return server.requests.get(JWKS_PATH) ?? 0;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  jwks: JwksServer,
  { requests, held }: { requests: Map<string, number>; held: (() => void)[] },
): void {
  const path = request.url ?? '';
  requests.set(path, (requests.get(path) ?? 0) + 1);
  switch (jwks.mode) {
    case 'up':
    case 'other-issuer':
      response.end(document(path, jwks));
      return;
    case 'held': {
      const text = document(path, jwks);
      held.push(() => response.end(text));
      return;
    }
    case 'down':
      response.writeHead(500).end();
      return;
    case 'slow':
      // Never answered; the caller's deadline or stop() ends it.
      return;
    case 'garbage':
      response.end('<html>');
      return;
    case 'not-a-set':
      response.end('{"keys":{}}');
      return;
    case 'huge':
      response.end(JSON.stringify({ keys: jwks.keys, padding: 'x'.repeat(1_048_576) }));
      return;
    case 'redirect':
      response.writeHead(302, { location: `${jwks.issuer}/moved` }).end();
      return;
  }
}

function document(path: string, jwks: JwksServer): string {
  return JSON.stringify(path === DISCOVERY_PATH ? discovery(jwks) : { keys: jwks.keys });
}

function discovery(jwks: JwksServer): object {
  const issuer = jwks.mode === 'other-issuer' ? 'https://other.example.com' : jwks.issuer;
  return { issuer, jwks_uri: jwks.jwksUri };
}
