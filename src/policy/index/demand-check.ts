import type { AccessRequest } from '../access-request.js';
import { Interned } from '../interned.js';
import type { Alternative, Demand } from './demand.js';
import { valueIn, type Feature, type Scalar } from './feature.js';

/**
 * Demands as they are asked: those with one way of meeting them side by side, since nearly all have one.
 *
 * Flat, and with features that similar policies share: what one of ten thousand policies has for itself is read
 * from memory rather than from a cache, where every object on the way costs more than a comparison.
 */
export interface DemandCheck {
  readonly features: readonly Feature[];
  /** What the request must have of each feature. */
  readonly values: readonly Scalar[];
  readonly others: readonly Demand[];
}

const NO_DEMANDS: readonly Demand[] = [];
const FEATURES = new Interned<readonly Feature[]>();

/** The demands, as they are asked. */
export function demandCheck(demands: readonly Demand[]): DemandCheck {
  const singles: Alternative[] = [];
  const others: Demand[] = [];
  for (const demand of demands) {
    const [only] = demand;
    if (only && demand.length === 1) singles.push(only);
    else others.push(demand);
  }
  const features = singles.map(({ feature }) => feature);
  const key = JSON.stringify(features.map((feature) => feature.key));
  return {
    features: FEATURES.of(key, features),
    values: singles.map(({ value }) => value),
    others: others.length > 0 ? others : NO_DEMANDS,
  };
}

/** Whether the request meets every demand. */
export function meets({ features, values, others }: DemandCheck, request: AccessRequest): boolean {
  let at = 0;
  for (const feature of features) {
    if (!has(request, feature, values[at])) return false;
    at += 1;
  }
  for (const demand of others) {
    if (!isMet(demand, request)) return false;
  }
  return true;
}

/** Whether the request meets a demand in one of its ways. */
export function isMet(demand: Demand, request: AccessRequest): boolean {
  return demand.some(({ feature, value }) => has(request, feature, value));
}

function has(request: AccessRequest, feature: Feature, value: Scalar | undefined): boolean {
  const said = valueIn(feature, request);
  if (typeof said === 'object') return value !== undefined && said.includes(value);
  return said !== undefined && said === value;
}
