import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Dispatcher, Pool } from 'undici';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { UpstreamTls } from '../credentials/upstream-tls.js';
import { GatewaySettings } from '../gateway-settings.js';
import { UpstreamConnections } from './connections.js';
import { UpstreamCredentials } from './upstream-credentials.js';
import { CallerIdentity } from './caller-identity.js';
import { Deadline } from './deadline.js';
import { isReset, upstreamError } from './failures.js';
import { sentHeaders } from './sent-headers.js';
import {
  Upstream,
  type UpstreamAnswer,
  type UpstreamPage,
  type UpstreamRequest,
} from './upstream.js';
import { ClientGone, UpstreamNotAsked } from './upstream-errors.js';
import { UpstreamMetrics } from './upstream-metrics.js';
import { upstreamTarget } from './upstream-target.js';
import { viaEntry, viaWith } from './via.js';

/** Milliseconds after which a client may try again while all connections are taken. */
const BUSY_MS = 1000;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

type Call = Dispatcher.RequestOptions & { readonly method: Dispatcher.HttpMethod };

/** The upstream over HTTP/1.1, on connections that are kept. */
@Injectable()
export class UndiciUpstream extends Upstream implements OnModuleDestroy {
  private readonly base: URL;
  private readonly viaEntry: string;
  private readonly connections: UpstreamConnections;

  constructor(
    private readonly settings: GatewaySettings,
    private readonly credentials: UpstreamCredentials,
    private readonly identity: CallerIdentity,
    private readonly metrics: UpstreamMetrics,
    tls: UpstreamTls,
  ) {
    super();
    this.base = new URL(settings.upstreamUrl);
    this.viaEntry = viaEntry(settings.baseUrl);
    this.connections = new UpstreamConnections(settings, tls.upstream, (state) => {
      metrics.breakerChanged(state);
    });
    metrics.watch(() => this.connections.kept.stats);
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

  async onModuleDestroy(): Promise<void> {
    await this.connections.close();
  }

  private async sendOnce(
    request: UpstreamRequest | UpstreamPage,
    forWhom: GuardedRequest,
    credentials: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    const call = await this.callFor(request, forWhom, credentials);
    try {
      return await this.exchange(this.connections.kept, call, signal);
    } catch (error) {
      if (signal.aborted) throw new ClientGone();
      if (!isReset(error) || !SAFE_METHODS.has(call.method)) throw upstreamError(error);
      this.metrics.retried();
    }
    // A connection that was kept may have been closed by the other side while the request went out.
    return this.exchange(this.connections.fresh, call, signal).catch((error: unknown) => {
      throw signal.aborted ? new ClientGone() : upstreamError(error);
    });
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

  private async exchange(pool: Pool, call: Call, signal: AbortSignal): Promise<UpstreamAnswer> {
    if (signal.aborted) throw new ClientGone();
    if (pool.stats.queued >= this.settings.connections) throw new UpstreamNotAsked(BUSY_MS);
    const { connectTimeoutMs, headersTimeoutMs } = this.settings;
    const deadline = new Deadline(signal, connectTimeoutMs + headersTimeoutMs);
    const measured = this.metrics.begin();
    try {
      const answer = await pool.request({ ...call, signal: deadline.signal });
      measured.answered(answer.statusCode);
      return answerOf(answer, deadline);
    } catch (error) {
      deadline.end();
      measured.failed();
      throw deadline.failure ?? error;
    } finally {
      deadline.stop();
    }
  }
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
