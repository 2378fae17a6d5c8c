import type { AccessRequest } from '../access-request.js';
import { decide, denied, type Decision, type DecisionOptions } from '../decide.js';
import { compareInEvaluation, inEvaluationOrder } from '../evaluation-order.js';
import type { Policy } from '../policy.js';
import { buildIndex } from './build-index.js';
import { changed } from './change-index.js';
import { collect, entryOf, type Entry, type IndexNode } from './index-node.js';
import { demandsOfPolicy, isDemandsOnly } from './policy-demands.js';

const NONE: Entry[] = [];

/** Policies by id. */
export interface Policies {
  readonly size: number;
  get(id: string): Policy | undefined;
  keys(): Iterable<string>;
  values(): Iterable<Policy>;
}

/**
 * Policies at one moment, immutable, found by what they demand of a request (spec §7).
 *
 * The cost of a decision grows with the policies that could match, not with those that exist.
 */
export class PolicySet {
  private ordered: readonly Policy[] | undefined;

  private constructor(
    private readonly policies: Policies,
    private readonly root: IndexNode,
    /** Changes since the index was built as a whole, which each leave it a little less even. */
    private readonly changes: number,
  ) {}

  static of(policies: Policies): PolicySet {
    return new PolicySet(policies, buildIndex([...policies.values()].flatMap(entriesOf)), 0);
  }

  /**
   * The set after a change: only what differs is filed anew, unless that is most of it.
   *
   * @param touched ids of all that may differ; without it every policy is looked at.
   */
  changedTo(
    policies: Policies,
    touched: Iterable<string> = [...this.policies.keys(), ...policies.keys()],
  ): PolicySet {
    const gone: Policy[] = [];
    const come: Policy[] = [];
    for (const id of new Set(touched)) {
      const [before, after] = [this.policies.get(id), policies.get(id)];
      if (before === after) continue;
      if (before) gone.push(before);
      if (after) come.push(after);
    }
    const changes = this.changes + gone.length + come.length;
    if (changes > policies.size) return PolicySet.of(policies);
    const root = changed(this.root, gone.flatMap(entriesOf), come.flatMap(entriesOf));
    return new PolicySet(policies, root, changes);
  }

  /** Every policy, in evaluation order, those included that never take part in decisions. */
  get all(): readonly Policy[] {
    this.ordered ??= inEvaluationOrder(this.policies.values());
    return this.ordered;
  }

  /**
   * The policies that could allow the request, in evaluation order: a decision with them alone has the
   * effect, the deciding policy and the reason of a decision with all.
   */
  candidatesFor(request: AccessRequest): readonly Policy[] {
    return this.entriesFor(request).map(({ policy }) => policy);
  }

  /**
   * The decision of {@link decide} with all policies.
   *
   * A policy that asks for nothing but what led to it in the index is not evaluated again where it comes first.
   */
  decide(request: AccessRequest, options: DecisionOptions): Decision | Promise<Decision> {
    const found = this.entriesFor(request);
    const [first] = found;
    if (!first) return denied([]);
    // About administration the policy must speak of it, too, which is not among its demands.
    if (first.isDemandsOnly && !options.administration) return allowedBy(first.policy.id);
    return decide(
      found.map(({ policy }) => policy),
      request,
      options,
    );
  }

  private entriesFor(request: AccessRequest): readonly Entry[] {
    const found = collect(this.root, request) ?? NONE;
    if (found.length < 2) return found;
    found.sort((one, other) => compareInEvaluation(one.policy, other.policy));
    return found.filter(({ policy }, at) => policy !== found[at - 1]?.policy);
  }
}

/** The set without a policy. */
export const NO_POLICIES = PolicySet.of(new Map());

function allowedBy(policyId: string): Decision {
  return {
    effect: 'allow',
    policyId,
    considered: [{ policyId, applies: true, outcome: 'holds' }],
  };
}

function entriesOf(policy: Policy): Entry[] {
  const demands = demandsOfPolicy(policy);
  return demands ? [entryOf(policy, demands, isDemandsOnly(policy))] : [];
}
