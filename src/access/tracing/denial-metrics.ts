import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';

/** Counts the denials that are not in the store although they should be. */
@Injectable()
export class DenialMetrics {
  private readonly losses: Counter;

  constructor(registry: MetricsRegistry) {
    this.losses = new Counter({
      name: 'wardgate_denials_not_stored_total',
      help: 'Denials that were not stored: too many in a second, or the database did not take them',
      registers: [registry],
    });
  }

  /** Some denials will not be found in the store. */
  lost(count: number): void {
    this.losses.inc(count);
  }
}
