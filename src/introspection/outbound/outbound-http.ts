import { lookup } from 'node:dns';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Agent, request } from 'undici';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { JsonObject } from '../../policy/json.js';
import { IntrospectionSettings } from '../introspection-settings.js';
import { parseStrictJson } from '../strict-json.js';
import { boundedBody } from './bounded-body.js';
import { Breakers } from './breakers.js';
import { meansDown, type CallPurpose } from './call-purpose.js';
import { CircuitOpen } from './circuit-breaker.js';
import { AddressRefused, guardedLookup, type Resolve } from './guarded-lookup.js';
import { endpointOf, hostRules, type HostRules } from './host-rules.js';
import { steadyConnector } from './steady-connector.js';
import { untilAborted } from './until-aborted.js';
import { OutboundFailure } from './outbound-failure.js';
import { OutboundMetrics, type CallLabels } from './outbound-metrics.js';

const CONNECTIONS_PER_ORIGIN = 8;
const MAX_ORIGINS = 256;

/** What may be said about a call besides its URL. */
export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Decides which calls fail together while a service is down, and labels metrics; `other` without. */
  readonly purpose?: CallPurpose;
  /** Ends the call; without it {@link OutboundHttp.deadline} from its start. */
  readonly signal?: AbortSignal | undefined;
  readonly onDate?: OnDate | undefined;
}

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
  private readonly breakers: Breakers;
  // Bounded, because a discovery document chooses the origin of its keys.
  private readonly agents = new LRUCache<string, Agent>({
    max: MAX_ORIGINS,
    dispose: (agent) => void agent.close(),
  });

  constructor(
    private readonly settings: IntrospectionSettings,
    private readonly metrics: OutboundMetrics = new OutboundMetrics(new MetricsRegistry()),
  ) {
    this.rules = hostRules(settings.allowedHosts, settings.devMode);
    this.breakers = new Breakers(metrics, () => this.now());
  }

  /** Why a URL would not be called; undefined when it would. Resolves nothing. */
  checkUrl(url: string): string | undefined {
    return this.rules.refusedUrl(url);
  }

  /** How long one call may take, in milliseconds. */
  get timeoutMs(): number {
    return this.settings.timeoutMs;
  }

  /** Ends whatever it is given to when the time for one call, counted from now, is over. */
  deadline(): AbortSignal {
    return AbortSignal.timeout(this.timeoutMs);
  }

  /**
   * Fetches a JSON object: one request, no redirect followed, at most 1 MiB, one deadline over all.
   * While the service does not work it is not called, and the call fails at once.
   *
   * @throws OutboundFailure when the URL may not be called, the service is left alone, the deadline
   * passes, the status is not 200, or the body is no JSON object within the bounds.
   */
  async getJson(url: string, options: CallOptions = {}): Promise<JsonObject> {
    const headers = { ...options.headers, accept: 'application/json' };
    return this.callJson(url, { method: 'GET', headers, onDate: options.onDate }, options);
  }

  /**
   * Posts a form and reads a JSON object, within the bounds of {@link getJson} (RFC 7662 §2.1).
   *
   * @throws OutboundFailure as {@link getJson} does; with the status where it is not 200.
   */
  async postForm(
    url: string,
    { form, ...options }: CallOptions & { readonly form: Readonly<Record<string, string>> },
  ): Promise<JsonObject> {
    const headers = {
      ...options.headers,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const body = new URLSearchParams(form).toString();
    const call = { method: 'POST', headers, body, onDate: options.onDate } as const;
    return this.callJson(url, call, options);
  }

  /** Closes the kept connections. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  /** Milliseconds of a clock that never goes back. */
  protected now(): number {
    return performance.now();
  }

  private async callJson(
    url: string,
    call: OutboundCall,
    { purpose = 'other', signal = this.deadline() }: CallOptions,
  ): Promise<JsonObject> {
    const refusal = this.checkUrl(url);
    if (refusal !== undefined) {
      throw new OutboundFailure(`The URL is refused: ${refusal}`, undefined, { reason: 'refused' });
    }
    const target = new URL(url);
    const labels = { host: target.host, purpose };
    const attempt = (): Promise<JsonObject> => this.measured(labels, target, call, signal);
    try {
      return await this.breakers
        .of(target, purpose)
        .run(attempt, (error) => meansDown(error, purpose));
    } catch (error) {
      const failure = asFailure(error, signal);
      this.metrics.failed(labels, failure.reason);
      throw failure;
    }
  }

  private async measured(
    labels: CallLabels,
    target: URL,
    call: OutboundCall,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const startedAt = this.now();
    const elapsedSeconds = (): number => (this.now() - startedAt) / 1000;
    try {
      const answer = await this.exchange(target, call, signal);
      this.metrics.called(labels, elapsedSeconds(), 'answered');
      return answer;
    } catch (error) {
      const failure = asFailure(error, signal);
      this.metrics.called(labels, elapsedSeconds(), failure.reason);
      throw failure;
    }
  }

  private async exchange(
    url: URL,
    { onDate, ...call }: OutboundCall,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const answering = request(url, {
      ...call,
      headers: { ...call.headers, 'accept-encoding': 'identity' },
      dispatcher: this.agentFor(url),
      signal,
    });
    const answer = await untilAborted(answering, signal);
    const atMs = Date.parse(String(answer.headers['date']));
    if (!Number.isNaN(atMs)) onDate?.(atMs);
    // Read even where the status tells enough: a body destroyed unread raises an error of its own.
    const body = await boundedBody(answer.body);
    if (answer.statusCode !== 200) {
      throw new OutboundFailure(`The status is ${answer.statusCode}`, answer.statusCode);
    }
    const json = parseStrictJson(body);
    if (json === undefined) throw new OutboundFailure('The answer is no sound JSON object');
    return json;
  }

  // One agent per endpoint: the lookup of a socket knows its host but not its port.
  private agentFor(url: URL): Agent {
    const { host, port } = endpointOf(url);
    const existing = this.agents.get(url.origin);
    if (existing !== undefined) return existing;
    const agent = new Agent({
      connections: CONNECTIONS_PER_ORIGIN,
      connect: steadyConnector({
        timeout: this.settings.timeoutMs,
        lookup: guardedLookup(
          (_name, address) => this.rules.allowsAddress(host, port, address),
          this.resolve,
        ),
      }),
    });
    this.agents.set(url.origin, agent);
    return agent;
  }
}

function asFailure(error: unknown, signal: AbortSignal): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  if (error instanceof CircuitOpen) {
    const { message, retryAfterMs } = error;
    return new OutboundFailure(message, undefined, { reason: 'not-tried', retryAfterMs });
  }
  if (error instanceof AddressRefused) {
    return new OutboundFailure('The call failed', undefined, { cause: error, reason: 'refused' });
  }
  const isLate = signal.aborted || codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT';
  return new OutboundFailure('The call failed', undefined, {
    cause: error,
    reason: isLate ? 'timeout' : 'unreachable',
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
