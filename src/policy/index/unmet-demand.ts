import type { AccessRequest } from '../access-request.js';
import type { Policy } from '../policy.js';
import type { Demand } from './demand.js';
import { isMet } from './demand-check.js';
import { valueIn, type Scalar } from './feature.js';
import { demandsOfPolicy } from './policy-demands.js';

/** Values of which a policy demands one at a place, and what the request has there. */
export interface UnmetValue {
  readonly path: readonly string[];
  readonly expected: readonly Scalar[];
  /** `null` where the request has nothing that could be compared. */
  readonly but: Scalar | readonly Scalar[] | null;
}

/**
 * Why a policy need not be asked about a request: the first of its demands that the request does not meet,
 * with one entry for each place where it could be met.
 *
 * @param isKnown whether what the request has at a path is known; demands on others are passed over
 * @returns `undefined` when every demand is met, and for a policy that never takes part in decisions.
 */
export function unmetDemand(
  policy: Policy,
  request: AccessRequest,
  isKnown: (path: readonly string[]) => boolean = () => true,
): readonly UnmetValue[] | undefined {
  const unmet = demandsOfPolicy(policy)?.find(
    (demand) => demand.every(({ feature }) => isKnown(feature.path)) && !isMet(demand, request),
  );
  return unmet && valuesOf(unmet, request);
}

function valuesOf(demand: Demand, request: AccessRequest): readonly UnmetValue[] {
  const byFeature = new Map<string, UnmetValue & { expected: Scalar[] }>();
  for (const { feature, value } of demand) {
    const known = byFeature.get(feature.key);
    if (known) known.expected.push(value);
    else {
      const but = valueIn(feature, request) ?? null;
      byFeature.set(feature.key, { path: feature.path, expected: [value], but });
    }
  }
  return [...byFeature.values()];
}
