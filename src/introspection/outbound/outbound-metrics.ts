import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { CallPurpose } from './call-purpose.js';
import type { BreakerState } from './circuit-breaker.js';
import type { FailureReason } from './outbound-failure.js';

/** A call that was made or should have been. */
export interface CallLabels {
  readonly host: string;
  readonly purpose: CallPurpose;
}

/** Hosts that have a label of their own; later ones share `other`, since discovery documents name hosts, too. */
const MAX_HOSTS = 64;
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATE_VALUES: Readonly<Record<BreakerState, number>> = {
  closed: 0,
  'half-open': 1,
  open: 2,
};

/** Counts the calls to identity providers. */
@Injectable()
export class OutboundMetrics {
  private readonly hosts = new Set<string>();
  private readonly seconds: Histogram<'host' | 'purpose' | 'outcome'>;
  private readonly failures: Counter<'host' | 'purpose' | 'reason'>;
  private readonly breakers: Gauge<'host' | 'purpose'>;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.seconds = new Histogram({
      name: 'wardgate_idp_call_seconds',
      help: 'Duration of calls to identity providers, by host, purpose and outcome',
      labelNames: ['host', 'purpose', 'outcome'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.failures = new Counter({
      name: 'wardgate_idp_call_failures_total',
      help: 'Calls to identity providers that brought nothing, those that were not tried included',
      labelNames: ['host', 'purpose', 'reason'],
      registers,
    });
    this.breakers = new Gauge({
      name: 'wardgate_idp_breaker_state',
      help: 'Whether calls are let through: 0 closed (yes), 1 half-open (one probe), 2 open (no); of several endpoints the one that changed last',
      labelNames: ['host', 'purpose'],
      registers,
    });
  }

  /** A call ended after so many seconds, with an answer or by a failure. */
  called(call: CallLabels, seconds: number, outcome: 'answered' | FailureReason): void {
    this.seconds.observe({ ...this.bounded(call), outcome }, seconds);
  }

  /** A call brought nothing, or was not even made. */
  failed(call: CallLabels, reason: FailureReason): void {
    this.failures.inc({ ...this.bounded(call), reason });
  }

  /** The breaker of these calls is in another state. */
  breakerChanged(call: CallLabels, state: BreakerState): void {
    this.breakers.set(this.bounded(call), STATE_VALUES[state]);
  }

  private bounded({ host, purpose }: CallLabels): CallLabels {
    if (this.hosts.size < MAX_HOSTS) this.hosts.add(host);
    return { host: this.hosts.has(host) ? host : 'other', purpose };
  }
}
