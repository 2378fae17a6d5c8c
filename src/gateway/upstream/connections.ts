import { Pool, type buildConnector } from 'undici';
import { CircuitBreaker, type BreakerState } from '../../introspection/outbound/circuit-breaker.js';
import { steadyConnector } from '../../introspection/outbound/steady-connector.js';
import type { GatewaySettings } from '../gateway-settings.js';
import type { TlsSource } from './tls-source.js';

type Connector = buildConnector.connector;
type Options = Pool.Options;

/** More than FHIR servers send in the headers of an answer. */
const MAX_HEADER_BYTES = 32_768;

/** The settings that connections depend on. */
export type ConnectionSettings = Pick<
  GatewaySettings,
  'upstreamUrl' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'bodyTimeoutMs' | 'connections'
>;

/** Told what becomes of the breaker before connections. */
export type OnBreakerChange = (state: BreakerState) => void;

type Pools = Readonly<Record<'kept' | 'fresh' | 'probing', Pool>>;

/**
 * The connections to the upstream: `kept` are used again, `fresh` serve one request each, and so does that
 * for `probing`, which is there however many of the others are taken.
 *
 * A breaker stands before new connections only. Who is connected is working; and no request, however slow
 * its sender makes it, can keep the upstream from all others.
 */
export class UpstreamConnections {
  private readonly breaker: CircuitBreaker;
  /** What serves requests to their end that began before TLS changed. */
  private readonly ending = new Set<Pool>();
  private pools: Pools;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly tls: TlsSource,
    onBreakerChange: OnBreakerChange,
  ) {
    this.breaker = new CircuitBreaker(() => performance.now(), onBreakerChange);
    this.pools = this.open();
    tls.onChange(() => {
      this.replace();
    });
  }

  /** Not to be held: another one takes its place when TLS changes. */
  get kept(): Pool {
    return this.pools.kept;
  }

  /** Not to be held, as {@link kept}. */
  get fresh(): Pool {
    return this.pools.fresh;
  }

  /** Not to be held, as {@link kept}. */
  get probing(): Pool {
    return this.pools.probing;
  }

  async close(): Promise<void> {
    const all = [...Object.values(this.pools), ...this.ending];
    await Promise.all(all.map((pool) => pool.destroy()));
  }

  /** New pools rather than new connections: what stands was made with what may be trusted no longer. */
  private replace(): void {
    const former = Object.values(this.pools);
    this.pools = this.open();
    for (const pool of former) {
      this.ending.add(pool);
      const ended = (): boolean => this.ending.delete(pool);
      void pool.close().then(ended, ended);
    }
  }

  private open(): Pools {
    const { origin } = new URL(this.settings.upstreamUrl);
    const options = this.options();
    return {
      kept: new Pool(origin, options),
      fresh: new Pool(origin, { ...options, pipelining: 0 }),
      probing: new Pool(origin, { ...options, pipelining: 0, connections: 1 }),
    };
  }

  private options(): Options {
    const { connections, headersTimeoutMs, bodyTimeoutMs, connectTimeoutMs } = this.settings;
    const { context } = this.tls;
    // A connector of its own, as it remembers TLS sessions, and with them the former certificate.
    const connector = steadyConnector({
      timeout: connectTimeoutMs,
      ...(context === undefined ? {} : { secureContext: context }),
    });
    return {
      connections,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: this.guarded(connector),
    };
  }

  private guarded(connector: Connector): Connector {
    return (options, callback) => {
      void this.breaker
        .run(
          () => connected(connector, options),
          () => true,
        )
        .then(
          (socket) => {
            callback(null, socket);
          },
          (error: unknown) => {
            callback(error instanceof Error ? error : new Error(String(error)), null);
          },
        );
    };
  }
}

type Connected = Exclude<Parameters<buildConnector.Callback>[1], null>;

function connected(connector: Connector, options: buildConnector.Options): Promise<Connected> {
  return new Promise((resolve, reject) => {
    connector(options, (...[error, socket]) => {
      if (error) reject(error);
      else resolve(socket);
    });
  });
}
