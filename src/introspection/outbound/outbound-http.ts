import { lookup } from 'node:dns';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Agent, request } from 'undici';
import type { JsonObject } from '../../policy/json.js';
import { IntrospectionSettings } from '../introspection-settings.js';
import { parseStrictJson } from '../strict-json.js';
import { guardedLookup, type Resolve } from './guarded-lookup.js';
import { endpointOf, hostRules, type HostRules } from './host-rules.js';
import { OutboundFailure } from './outbound-failure.js';

const MAX_ANSWER_BYTES = 1_048_576;
const CONNECTIONS_PER_ORIGIN = 8;
const MAX_ORIGINS = 256;

interface OutboundCall {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly onDate?: OnDate | undefined;
}

/** Told when the other side says that it is, in milliseconds since the epoch (RFC 9110 §6.6.1). */
export type OnDate = (atMs: number) => void;

/** Calls identity providers and nobody else: the one way out of introspection and identity. */
@Injectable()
export class OutboundHttp implements OnModuleDestroy {
  /** How names are resolved, for all connections. */
  protected readonly resolve: Resolve = lookup;

  private readonly rules: HostRules;
  // Bounded, because a discovery document chooses the origin of its keys.
  private readonly agents = new LRUCache<string, Agent>({
    max: MAX_ORIGINS,
    dispose: (agent) => void agent.close(),
  });

  constructor(private readonly settings: IntrospectionSettings) {
    this.rules = hostRules(settings.allowedHosts, settings.devMode);
  }

  /** Why a URL would not be called; undefined when it would. Resolves nothing. */
  checkUrl(url: string): string | undefined {
    return this.rules.refusedUrl(url);
  }

  /**
   * Fetches a JSON object: one request, no redirect followed, at most 1 MiB, one deadline over all.
   *
   * @throws OutboundFailure when the URL may not be called, the deadline passes, the status is not
   * 200, or the body is no JSON object within the bounds.
   */
  async getJson(
    url: string,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly onDate?: OnDate | undefined;
    } = {},
  ): Promise<JsonObject> {
    return this.callJson(url, {
      method: 'GET',
      headers: { ...options.headers, accept: 'application/json' },
      onDate: options.onDate,
    });
  }

  /**
   * Posts a form and reads a JSON object, within the bounds of {@link getJson} (RFC 7662 §2.1).
   *
   * @throws OutboundFailure as {@link getJson} does; with the status where it is not 200.
   */
  async postForm(
    url: string,
    options: {
      readonly form: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly onDate?: OnDate | undefined;
    },
  ): Promise<JsonObject> {
    return this.callJson(url, {
      method: 'POST',
      headers: {
        ...options.headers,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(options.form).toString(),
      onDate: options.onDate,
    });
  }

  /** Closes the kept connections. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  private async callJson(url: string, call: OutboundCall): Promise<JsonObject> {
    const refusal = this.checkUrl(url);
    if (refusal !== undefined) throw new OutboundFailure(`The URL is refused: ${refusal}`);
    const answer = parseStrictJson(await this.exchange(new URL(url), call));
    if (answer === undefined) throw new OutboundFailure('The answer is no sound JSON object');
    return answer;
  }

  private async exchange(url: URL, { onDate, ...call }: OutboundCall): Promise<Uint8Array> {
    try {
      const answer = await request(url, {
        ...call,
        headers: { ...call.headers, 'accept-encoding': 'identity' },
        dispatcher: this.agentFor(url),
        signal: AbortSignal.timeout(this.settings.timeoutMs),
      });
      const atMs = Date.parse(String(answer.headers['date']));
      if (!Number.isNaN(atMs)) onDate?.(atMs);
      // Read even where the status tells enough: a body destroyed unread raises an error of its own.
      const body = await boundedBody(answer.body);
      if (answer.statusCode === 200) return body;
      throw new OutboundFailure(`The status is ${answer.statusCode}`, answer.statusCode);
    } catch (error) {
      if (error instanceof OutboundFailure) throw error;
      throw new OutboundFailure('The call failed', undefined, { cause: error });
    }
  }

  // One agent per endpoint: the lookup of a socket knows its host but not its port.
  private agentFor(url: URL): Agent {
    const { host, port } = endpointOf(url);
    const existing = this.agents.get(url.origin);
    if (existing !== undefined) return existing;
    const agent = new Agent({
      connections: CONNECTIONS_PER_ORIGIN,
      connect: {
        timeout: this.settings.timeoutMs,
        lookup: guardedLookup(
          (_name, address) => this.rules.allowsAddress(host, port, address),
          this.resolve,
        ),
      },
    });
    this.agents.set(url.origin, agent);
    return agent;
  }
}

async function boundedBody(body: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and the connection with it.
    if (bytes > MAX_ANSWER_BYTES) throw new OutboundFailure('The answer is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
