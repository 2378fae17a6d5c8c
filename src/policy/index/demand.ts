import { isScalar, valueFeature, type Feature, type Scalar } from './feature.js';
import type { Json } from '../json.js';

/** One way of meeting a demand. */
export interface Alternative {
  readonly feature: Feature;
  readonly value: Scalar;
}

/** What must be true of a request for a policy to hold: at least one of the alternatives. */
export type Demand = readonly Alternative[];

/** More alternatives than this cost more to file than they save. */
const MAX_ALTERNATIVES = 64;

/** The demand for one of some values of a feature; none if one of them cannot be looked up. */
export function demandFor(feature: Feature, values: Iterable<Json | undefined>): Demand[] {
  const alternatives: Alternative[] = [];
  for (const value of values) {
    if (!isScalar(value)) return [];
    alternatives.push({ feature, value });
  }
  return bounded(alternatives);
}

/** The demand for one of some values at a path. */
export function demandAt(path: readonly string[], values: Iterable<Json | undefined>): Demand[] {
  return demandFor(valueFeature(path), values);
}

/**
 * What is demanded whichever of several branches holds: of each branch the demand with the fewest ways of
 * meeting it. None if a branch demands nothing.
 */
export function demandOfAny(branches: readonly (readonly Demand[])[]): Demand[] {
  const chosen: Alternative[] = [];
  for (const demands of branches) {
    const [first, ...others] = demands;
    if (!first) return [];
    chosen.push(...others.reduce((best, next) => (next.length < best.length ? next : best), first));
  }
  return bounded(chosen);
}

function bounded(alternatives: readonly Alternative[]): Demand[] {
  if (alternatives.length <= 1) return alternatives.length === 0 ? [] : [alternatives];
  const distinct = distinctOf(alternatives);
  return distinct.length <= MAX_ALTERNATIVES ? [distinct] : [];
}

/** Each way once: a policy is filed under all of them. */
function distinctOf(alternatives: readonly Alternative[]): Demand {
  const seen = new Map<string, Set<Scalar>>();
  return alternatives.filter(({ feature, value }) => {
    const values = seen.get(feature.key) ?? new Set<Scalar>();
    seen.set(feature.key, values);
    if (values.has(value)) return false;
    values.add(value);
    return true;
  });
}
