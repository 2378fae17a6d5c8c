import { Agent, request } from 'undici';
import { boundedBody } from '../../introspection/outbound/bounded-body.js';
import { steadyConnector } from '../../introspection/outbound/steady-connector.js';
import { parseStrictJson } from '../../introspection/strict-json.js';
import type { TlsSource } from '../upstream/tls-source.js';

/** Milliseconds that a token endpoint may take. */
const TIMEOUT_MS = 10_000;
const DEFAULT_LIFETIME_S = 300;
const MAX_LIFETIME_S = 86_400;
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** A token and how long it serves. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** A token request (RFC 6749 §4.4.2). */
export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** No token could be had; the message is for the log, and holds nothing of the answer. */
export class NoToken extends Error {}

/** The token endpoint that the operator configured, over TLS as it is now. */
export class TokenEndpoint {
  private agent: Agent;

  /** @param url its address */
  constructor(
    private readonly url: string,
    tls: TlsSource,
  ) {
    this.agent = agentWith(tls);
    tls.onChange(() => {
      const former = this.agent;
      this.agent = agentWith(tls);
      void former.close();
    });
  }

  /**
   * Asks for a token; no redirect is followed, and at most 1 MiB read.
   *
   * @throws NoToken for any answer but a bearer token, and errors of the connection
   */
  async ask(asked: TokenRequest): Promise<IssuedToken> {
    const answer = await request(this.url, {
      method: 'POST',
      headers: {
        ...asked.headers,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ ...asked.form }).toString(),
      dispatcher: this.agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await boundedBody(answer.body);
    if (answer.statusCode !== 200) throw new NoToken(`The status is ${answer.statusCode}`);
    return tokenIn(body);
  }
}

/** What is idle keeps no process alive. */
function agentWith({ context }: TlsSource): Agent {
  const options = { timeout: TIMEOUT_MS, ...(context && { secureContext: context }) };
  return new Agent({ connect: steadyConnector(options) });
}

function tokenIn(body: Uint8Array): IssuedToken {
  const {
    access_token: token,
    token_type: type,
    expires_in: lifetime,
  } = parseStrictJson(body) ?? {};
  if (typeof token !== 'string' || !TOKEN.test(token)) throw new NoToken('There is no token');
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw new NoToken('The token is no bearer token');
  }
  return { token, lifetimeMs: seconds(lifetime) * 1000 };
}

/** Some servers write the number as a text. */
function seconds(lifetime: unknown): number {
  const value = typeof lifetime === 'string' ? Number(lifetime) : lifetime;
  if (typeof value !== 'number' || !(value > 0)) return DEFAULT_LIFETIME_S;
  return Math.min(value, MAX_LIFETIME_S);
}
