import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { Tally } from '../metrics/tally.js';
import type { AccessRequest } from '../policy/access-request.js';
import type { Decision } from '../policy/decide.js';
import { own } from '../policy/json.js';

/** Counts decisions, those on the entries of Bundles included. Which policy decided is in the log. */
@Injectable()
export class DecisionMetrics {
  private readonly decisions: Tally;

  constructor(registry: MetricsRegistry) {
    this.decisions = new Tally(registry, {
      name: 'wardgate_decisions_total',
      help: 'Decisions: allow, no-policy, or administration, of which a policy that allows does not speak',
      labels: ['operation', 'outcome'],
    });
  }

  /** Counts one decision. */
  count({ operation }: AccessRequest, decision: Decision): void {
    const id = operation && own(operation, 'id');
    const outcome = decision.effect === 'allow' ? 'allow' : decision.reason;
    this.decisions.count(typeof id === 'string' ? id : 'none', outcome);
  }
}
