import { Injectable, Logger } from '@nestjs/common';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { Tally } from '../../metrics/tally.js';
import { evaluationOf, type Evaluation } from '../../policy/decide.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import type { ObservedDecision } from './observed-decision.js';

/** What a shadow policy would have done to a request, had it been active. */
export type ShadowOutcome =
  /** Only the shadow policy holds: the request was denied and would have been allowed. */
  | 'would-allow'
  /** It holds, and so does a policy that is active. */
  | 'allows-too'
  | 'would-not'
  /** It could not be evaluated, which counts as false. */
  | 'error';

/** Each request is tried with at most as many shadow policies; others are not said anything of. */
const MAX_POLICIES = 100;

/** Evaluates the policies with `status: shadow`; what they say is recorded and decides nothing (spec §7). */
@Injectable()
export class ShadowPolicies {
  private readonly logger = new Logger('ShadowPolicy');
  private readonly outcomes: Tally;

  constructor(
    private readonly policies: PolicyRegistry,
    registry: MetricsRegistry,
  ) {
    this.outcomes = new Tally(registry, {
      name: 'wardgate_shadow_policies_total',
      help: 'What shadow policies that might match would have done: would-allow, allows-too, would-not, error',
      labels: ['policy', 'outcome'],
      existing: () => new Set(this.policies.shadows().all.map(({ id }) => id)),
    });
  }

  /** Whether there is any policy to try. */
  get areThere(): boolean {
    return this.policies.shadows().all.length > 0;
  }

  /** Records what the shadow policies that might match say about a request that was decided. */
  judge({ requestId, request, decision, administration }: ObservedDecision): void {
    const candidates = this.policies.shadows().candidatesFor(request).slice(0, MAX_POLICIES);
    if (candidates.length === 0) return;
    const shadows = candidates.map((policy) => {
      const evaluation = evaluationOf(policy, request, administration);
      const outcome = outcomeOf(evaluation, decision.effect);
      this.outcomes.count(policy.id, outcome);
      return { policy: policy.id, outcome, ...failedAt(evaluation) };
    });
    this.logger.log({ requestId, effect: decision.effect, shadows });
  }
}

function outcomeOf({ outcome }: Evaluation, effect: 'allow' | 'deny'): ShadowOutcome {
  switch (outcome) {
    case 'holds':
      return effect === 'deny' ? 'would-allow' : 'allows-too';
    case 'error':
      return 'error';
    case 'inapplicable':
    case 'fails':
    case 'not-administrative':
      return 'would-not';
  }
}

/** Where it fails; never a value of the request. */
function failedAt(evaluation: Evaluation): { readonly at?: string } {
  return evaluation.outcome === 'fails' ? { at: evaluation.mismatch.path.join('.') } : {};
}
