import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { BreakerState } from '../../introspection/outbound/circuit-breaker.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STATE_VALUES: Readonly<Record<BreakerState, number>> = {
  closed: 0,
  'half-open': 1,
  open: 2,
};

/** Connections that are kept, those of them that are idle, and requests that wait for one. */
export interface ConnectionStats {
  readonly connected: number;
  readonly free: number;
  readonly waiting: number;
}

/** A call that is measured; one of the two is called when it ends. */
export interface MeasuredCall {
  /** Its answer has begun. */
  answered(status: number): void;
  /** It brought nothing. */
  failed(): void;
}

/** Counts the requests to the upstream. */
@Injectable()
export class UpstreamMetrics {
  private readonly seconds: Histogram<'outcome'>;
  private readonly breaker: Gauge;
  private readonly retries: Counter;

  constructor(private readonly registry: MetricsRegistry) {
    const registers = [registry];
    this.seconds = new Histogram({
      name: 'wardgate_upstream_headers_seconds',
      help: 'Time until the upstream began its answer, by the class of its status, or failed',
      labelNames: ['outcome'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.breaker = new Gauge({
      name: 'wardgate_upstream_breaker_state',
      help: 'Whether new connections are tried: 0 closed (yes), 1 half-open (one probe), 2 open (no)',
      registers,
    });
    this.retries = new Counter({
      name: 'wardgate_upstream_retries_total',
      help: 'Requests that were sent again on a fresh connection, because a kept one had been closed',
      registers,
    });
  }

  /** Connections are shown as they are when the numbers are read. */
  watch(stats: () => ConnectionStats): void {
    const gauge: Gauge = new Gauge({
      name: 'wardgate_upstream_connections',
      help: 'Kept connections in use and idle, and requests that wait for one',
      labelNames: ['state'],
      registers: [this.registry],
      collect: () => {
        const { connected, free, waiting } = stats();
        gauge.set({ state: 'used' }, connected - free);
        gauge.set({ state: 'idle' }, free);
        gauge.set({ state: 'waiting' }, waiting);
      },
    });
  }

  /** A call begins. */
  begin(): MeasuredCall {
    const end = this.seconds.startTimer();
    return {
      answered: (status) => {
        end({ outcome: `${Math.floor(status / 100)}xx` });
      },
      failed: () => {
        end({ outcome: 'failed' });
      },
    };
  }

  /** A request goes out a second time. */
  retried(): void {
    this.retries.inc();
  }

  /** The breaker is in another state. */
  breakerChanged(state: BreakerState): void {
    this.breaker.set(STATE_VALUES[state]);
  }
}
