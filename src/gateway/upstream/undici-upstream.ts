import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Dispatcher, Pool } from 'undici';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { UpstreamTls } from '../credentials/upstream-tls.js';
import { GatewaySettings } from '../gateway-settings.js';
import { callerKey } from '../paging/caller-key.js';
import { ConnectionTurns } from './connection-turns.js';
import { UpstreamConnections } from './connections.js';
import { UpstreamCredentials } from './upstream-credentials.js';
import { CallerIdentity } from './caller-identity.js';
import { Deadline } from './deadline.js';
import { isReset, upstreamError } from './failures.js';
import { NOBODY } from './nobody.js';
import { sentHeaders } from './sent-headers.js';
import {
  Upstream,
  type UpstreamAnswer,
  type UpstreamPage,
  type UpstreamRequest,
} from './upstream.js';
import { UpstreamMetrics } from './upstream-metrics.js';
import { upstreamTarget } from './upstream-target.js';
import { viaEntry, viaWith } from './via.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** What is dropped of the answer to a probe before its connection is. */
const DROPPED_BYTES = 65_536;
const NEVER = new AbortController().signal;

type Call = Dispatcher.RequestOptions & { readonly method: Dispatcher.HttpMethod };

/** The upstream over HTTP/1.1, on connections that are kept. */
@Injectable()
export class UndiciUpstream extends Upstream implements OnModuleDestroy {
  private readonly base: URL;
  private readonly viaEntry: string;
  private readonly connections: UpstreamConnections;
  private readonly turns: ConnectionTurns;

  constructor(
    private readonly settings: GatewaySettings,
    private readonly credentials: UpstreamCredentials,
    private readonly identity: CallerIdentity,
    private readonly metrics: UpstreamMetrics,
    tls: UpstreamTls,
  ) {
    super();
    const { upstreamUrl, connections, connectionsPerCaller } = settings;
    this.base = new URL(upstreamUrl);
    this.viaEntry = viaEntry(settings.baseUrl);
    this.connections = new UpstreamConnections(settings, tls.upstream, (state) => {
      metrics.breakerChanged(state);
    });
    this.turns = new ConnectionTurns({
      connections,
      perCaller: connectionsPerCaller,
      waiting: connections,
    });
    metrics.watch(() => {
      const { connected, free } = this.connections.kept.stats;
      return { connected, free, waiting: this.turns.waiting };
    });
  }

  async send(
    request: UpstreamRequest | UpstreamPage,
    forWhom: GuardedRequest,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    const credentials = await this.credentials.headers(forWhom, signal);
    const answer = await this.sendOnce(request, forWhom, credentials, signal);
    // Refused, it had no effect: a token may have been revoked before its time.
    if (answer.status !== 401 || !this.credentials.refused(credentials)) return answer;
    answer.body.destroy();
    const renewed = await this.credentials.headers(forWhom, signal);
    return this.sendOnce(request, forWhom, renewed, signal);
  }

  async probe(request: UpstreamRequest, timeoutMs: number): Promise<number> {
    const deadline = new Deadline(NEVER, timeoutMs);
    try {
      return await deadline.keeps(this.probed(request, deadline.signal));
    } catch (error) {
      throw upstreamError(error);
    } finally {
      deadline.end();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.connections.close();
  }

  private async probed(request: UpstreamRequest, signal: AbortSignal): Promise<number> {
    const credentials = await this.credentials.headers(NOBODY, signal);
    const call = await this.callFor(request, NOBODY, credentials);
    const { statusCode, body } = await this.connections.probing.request({ ...call, signal });
    await body.dump({ limit: DROPPED_BYTES, signal });
    return statusCode;
  }

  private async sendOnce(
    request: UpstreamRequest | UpstreamPage,
    forWhom: GuardedRequest,
    credentials: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    const call = await this.callFor(request, forWhom, credentials);
    const { connectTimeoutMs, headersTimeoutMs } = this.settings;
    const deadline = new Deadline(signal, connectTimeoutMs + headersTimeoutMs);
    try {
      const giveBack = await this.turns.take(callerOf(forWhom), deadline.signal);
      const asked = this.ask(call, deadline.signal);
      const isFree = (): void => {
        // undici takes a connection for free one turn after its answer has ended.
        setImmediate(giveBack);
      };
      asked.then(({ body }) => body.once('close', isFree), isFree);
      // It is told of an end only once a connection stands.
      return answerOf(await deadline.keeps(asked), deadline);
    } catch (error) {
      deadline.end();
      throw upstreamError(error);
    } finally {
      deadline.stop();
    }
  }

  private async callFor(
    request: UpstreamRequest | UpstreamPage,
    forWhom: GuardedRequest,
    credentials: Readonly<Record<string, string>>,
  ): Promise<Call> {
    const { method = 'GET', headers = {} } = request;
    const body = 'url' in request ? undefined : request.body;
    const { id, peer } = forWhom.incoming;
    const via = viaWith(this.viaEntry, peer.headers['via']);
    const path = upstreamTarget(this.base, request);
    const told = await this.identity.headers(forWhom);
    return {
      method,
      path,
      headers: sentHeaders(headers, { ...told, ...credentials }, { id, via }),
      ...(body === undefined ? {} : { body }),
    };
  }

  private async ask(call: Call, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await this.exchange(this.connections.kept, call, signal);
    } catch (error) {
      if (signal.aborted || !isReset(error) || !SAFE_METHODS.has(call.method)) throw error;
      this.metrics.retried();
    }
    // A connection that was kept may have been closed by the other side while the request went out.
    return this.exchange(this.connections.fresh, call, signal);
  }

  private async exchange(
    pool: Pool,
    call: Call,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const measured = this.metrics.begin();
    try {
      const answer = await pool.request({ ...call, signal });
      measured.answered(answer.statusCode);
      return answer;
    } catch (error) {
      measured.failed();
      throw error;
    }
  }
}

/** Whose share of the connections a request takes from; what the gateway asks for itself has one of its own. */
function callerOf(forWhom: GuardedRequest): string {
  return forWhom === NOBODY ? '' : callerKey(forWhom.caller);
}

function answerOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  deadline: Deadline,
): UpstreamAnswer {
  body.once('close', () => {
    deadline.end();
  });
  // Whoever reads it learns of it; where nobody reads any more it must not end the process.
  body.on('error', () => undefined);
  const known: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) known[name] = value;
  }
  return { status: statusCode, headers: known, body };
}
