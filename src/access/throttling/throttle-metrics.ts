import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { SCOPES, type ThrottleScope } from './throttle-scope.js';

/** How often secrets were wrong, and what came of it. */
@Injectable()
export class ThrottleMetrics {
  private readonly failures: Counter;
  private readonly blocks: Counter;
  private readonly refusals: Counter;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.failures = new Counter({
      name: 'wardgate_failed_attempts_total',
      help: 'Secrets that were wrong, or of accounts that may not use them',
      registers,
    });
    this.blocks = new Counter({
      name: 'wardgate_throttle_blocks_total',
      help: 'Blocks begun on this instance after too many failed attempts',
      labelNames: ['scope'],
      registers,
    });
    this.refusals = new Counter({
      name: 'wardgate_throttled_total',
      help: 'Attempts that were refused unseen, because of a block',
      labelNames: ['scope'],
      registers,
    });
    // From the start, so that the first one is seen as an increase.
    for (const scope of SCOPES) {
      this.blocks.inc({ scope }, 0);
      this.refusals.inc({ scope }, 0);
    }
  }

  /** A secret was wrong. */
  failed(): void {
    this.failures.inc();
  }

  /** A block begins. */
  blocked(scope: ThrottleScope): void {
    this.blocks.inc({ scope });
  }

  /** An attempt is refused because of a block. */
  refused(scope: ThrottleScope): void {
    this.refusals.inc({ scope });
  }
}
