import { unmetDemand, type UnmetValue } from '../../policy/index/unmet-demand.js';
import type { Json, JsonObject } from '../../policy/json.js';
import type { Policy } from '../../policy/policy.js';
import { redactedFound } from '../designing/policy-trace.js';
import type { DecidedTrace, TracedDecision } from './decision-trace.js';

const MAX_EXPECTED = 16;

/** Members that show another one again. */
const TWINS: ReadonlyMap<string, string> = new Map([
  ['resource', 'body'],
  ['session', 'role'],
]);

/** The policies that a decision did not ask, as far as they are listed. */
export interface SkippedPolicies {
  readonly listed: readonly JsonObject[];
  /** `null` when the policies of that moment are no longer held. */
  readonly total: number | null;
}

/**
 * Why policies were not considered: their `status`, or `type: scope`, keeps them out of all decisions; the
 * request has not what they demand; or another had decided before them.
 *
 * @param most how many are listed, in evaluation order
 */
export function skippedPolicies(
  trace: DecidedTrace,
  policies: TracedDecision['policies'],
  most: number,
): SkippedPolicies {
  if (!policies) return { listed: [], total: null };
  const considered = new Set(trace.decision.considered.map(({ policyId }) => policyId));
  const skipped = policies.all.filter(({ id }) => !considered.has(id));
  const listed = skipped.slice(0, most).map((policy) => skippedView(policy, trace));
  return { listed, total: Math.max(0, skipped.length - trace.consideredMore) };
}

function skippedView(policy: Policy, { request, cut, decision }: DecidedTrace): JsonObject {
  const { id, status, type } = policy;
  if (status !== 'active') return { id, reason: 'status' };
  if (type === 'scope') return { id, reason: 'type' };
  const unmet = unmetDemand(
    policy,
    request,
    ([first = '']) => !cut.includes(TWINS.get(first) ?? first),
  );
  if (unmet) return { id, reason: 'demand', unmet: unmetView(unmet) };
  return { id, reason: decision.effect === 'allow' ? 'decided-before' : 'not-kept' };
}

function unmetView(unmet: readonly UnmetValue[]): Json {
  return unmet.map(({ path, expected, but }) => ({
    path,
    expected: expected.slice(0, MAX_EXPECTED),
    ...(expected.length > MAX_EXPECTED ? { 'expected-more': expected.length - MAX_EXPECTED } : {}),
    but: redactedFound(path, but),
  }));
}
