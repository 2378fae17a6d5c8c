import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { Tally } from '../../metrics/tally.js';
import { evaluationOf, evaluationWithSql, type Evaluation } from '../../policy/decide.js';
import { DecisionWork } from '../../policy/matcho/work-limit.js';
import { namedPath } from '../../policy/named-path.js';
import type { Policy } from '../../policy/policy.js';
import { asksDatabase } from '../../policy/sql-predicate.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import type { ObservedDecision } from './observed-decision.js';
import { OneAtATime } from './one-at-a-time.js';

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

/**
 * Evaluates the policies with `status: shadow`; what they say is recorded and decides nothing (spec §7). Those with
 * SQL are tried on one decision after the other, over a connection of their own, so that no decision that
 * counts waits for them.
 */
@Injectable()
export class ShadowPolicies {
  private readonly logger = new Logger('ShadowPolicy');
  private readonly outcomes: Tally;
  private readonly notTried: Counter;
  private readonly statements = new OneAtATime();

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
    this.notTried = new Counter({
      name: 'wardgate_shadow_decisions_passed_over_total',
      help: 'Decisions that shadow policies, or those with SQL among them, were not tried on because they came too fast',
      registers: [registry],
    });
  }

  /** Whether there is any policy to try. */
  get areThere(): boolean {
    return this.policies.shadows().all.length > 0;
  }

  /** Counts a decision that no shadow policy is tried on. */
  passOver(): void {
    this.notTried.inc();
  }

  /** Records what the shadow policies that might match say about a request that was decided. */
  judge(observed: ObservedDecision): void {
    const { request, administration } = observed;
    const candidates = this.policies.shadows().candidatesFor(request).slice(0, MAX_POLICIES);
    const plain = candidates.filter((policy) => !asksDatabase(policy));
    const work = new DecisionWork();
    this.record(
      observed,
      plain,
      plain.map((policy) => evaluationOf(policy, request, administration, work)),
    );
    const asking = candidates.filter(asksDatabase);
    if (asking.length === 0) return;
    if (!this.statements.take(() => this.ask(observed, asking))) this.passOver();
  }

  private async ask(observed: ObservedDecision, policies: readonly Policy[]): Promise<void> {
    const { request, administration } = observed;
    const options = {
      administration,
      sql: this.policies.sql.observing,
      budget: {},
      work: new DecisionWork(),
    };
    const evaluations: Evaluation[] = [];
    for (const policy of policies) {
      evaluations.push(await evaluationWithSql(policy, request, options));
    }
    this.record(observed, policies, evaluations);
  }

  private record(
    { requestId, decision: { effect } }: ObservedDecision,
    policies: readonly Policy[],
    evaluations: readonly Evaluation[],
  ): void {
    if (evaluations.length === 0) return;
    const shadows = evaluations.map((evaluation, at) => {
      const outcome = outcomeOf(evaluation, effect);
      this.outcomes.count(evaluation.policyId, outcome);
      return { policy: evaluation.policyId, outcome, ...failedAt(evaluation, policies[at]) };
    });
    this.logger.log({ requestId, effect, shadows });
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

/** Where it fails, as far as the policy names it; never a value of the request, nor a name that only it has. */
function failedAt(evaluation: Evaluation, policy: Policy | undefined): { readonly at?: string } {
  if (evaluation.outcome !== 'fails' || !policy) return {};
  return { at: namedPath(policy, evaluation.mismatch.path).join('.') };
}
