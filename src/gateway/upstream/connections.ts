import { Pool, type buildConnector } from 'undici';
import { CircuitBreaker, type BreakerState } from '../../introspection/outbound/circuit-breaker.js';
import { steadyConnector } from '../../introspection/outbound/steady-connector.js';
import type { GatewaySettings } from '../gateway-settings.js';

type Connector = buildConnector.connector;
type Options = Pool.Options;

/** More than FHIR servers send in the headers of an answer. */
const MAX_HEADER_BYTES = 32_768;

/** The settings that connections depend on. */
export type ConnectionSettings = Pick<
  GatewaySettings,
  'upstreamUrl' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'bodyTimeoutMs' | 'connections' | 'tls'
>;

/** Told what becomes of the breaker before connections. */
export type OnBreakerChange = (state: BreakerState) => void;

/**
 * The connections to the upstream: `kept` are used again, `fresh` serve one request each.
 *
 * A breaker stands before new connections only. Who is connected is working; and no request, however slow
 * its sender makes it, can keep the upstream from all others.
 */
export class UpstreamConnections {
  readonly kept: Pool;
  readonly fresh: Pool;
  private readonly breaker: CircuitBreaker;

  constructor(settings: ConnectionSettings, onBreakerChange: OnBreakerChange) {
    this.breaker = new CircuitBreaker(() => performance.now(), onBreakerChange);
    const { origin } = new URL(settings.upstreamUrl);
    const options = this.options(settings);
    this.kept = new Pool(origin, options);
    this.fresh = new Pool(origin, { ...options, pipelining: 0 });
  }

  async close(): Promise<void> {
    await Promise.all([this.kept.destroy(), this.fresh.destroy()]);
  }

  private options(settings: ConnectionSettings): Options {
    return {
      connections: settings.connections,
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyTimeoutMs,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: this.guarded(
        steadyConnector({ timeout: settings.connectTimeoutMs, ...settings.tls }),
      ),
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
