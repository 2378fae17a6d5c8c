import type { AccessRequest } from '../access-request.js';
import type { Policy } from '../policy.js';
import type { Demand } from './demand.js';
import type { Feature, Scalar } from './feature.js';

/** A policy where it is filed, with the demands that the way to it has not asked about yet. */
export interface Entry {
  readonly policy: Policy;
  readonly demands: readonly Demand[];
}

/** The values of one feature under which policies are filed. */
export interface Branch {
  readonly feature: Feature;
  readonly children: ReadonlyMap<Scalar, IndexNode>;
}

/**
 * A part of the index, immutable. Each policy below it is either among the `entries`, which every request
 * must ask, or filed under all alternatives of one of its demands.
 */
export interface IndexNode {
  /** How many policies are filed here and below, one filed twice counted twice. */
  readonly size: number;
  readonly entries: readonly Entry[];
  readonly branches: readonly Branch[];
}

/** The node of no policy. */
export const EMPTY: IndexNode = { size: 0, entries: [], branches: [] };

/** The node with these entries and branches; what is empty is left out. */
export function node(entries: readonly Entry[], branches: readonly Branch[]): IndexNode {
  const used = branches.filter(({ children }) => children.size > 0);
  let size = entries.length;
  for (const { children } of used) {
    for (const child of children.values()) size += child.size;
  }
  return { size, entries, branches: used };
}

/** Adds every policy that the request could meet the demands of; some may come more than once. */
export function collect(from: IndexNode, request: AccessRequest, found: Policy[]): void {
  const { entries } = from;
  const isAlone = entries.length === 1;
  for (const { policy, demands } of entries) {
    // To see that a demand is not met takes less than to tell why a policy does not hold.
    if (isAlone || meetsAll(demands, request)) found.push(policy);
  }
  for (const { feature, children } of from.branches) {
    const value = feature.valueIn(request);
    if (value === undefined) continue;
    if (typeof value !== 'object') descend(children.get(value), request, found);
    else for (const one of value) descend(children.get(one), request, found);
  }
}

function descend(child: IndexNode | undefined, request: AccessRequest, found: Policy[]): void {
  if (child) collect(child, request, found);
}

function meetsAll(demands: readonly Demand[], request: AccessRequest): boolean {
  for (const demand of demands) if (!meets(demand, request)) return false;
  return true;
}

function meets(demand: Demand, request: AccessRequest): boolean {
  for (const { feature, value } of demand) {
    const said = feature.valueIn(request);
    if (said === value) return true;
    if (typeof said === 'object' && said.includes(value)) return true;
  }
  return false;
}
