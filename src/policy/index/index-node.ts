import type { AccessRequest } from '../access-request.js';
import type { Policy } from '../policy.js';
import type { Demand } from './demand.js';
import { demandCheck, meets, type DemandCheck } from './demand-check.js';
import { valueIn, type Feature, type Scalar } from './feature.js';

/** A policy where it is filed, with the demands that the way to it has not asked about yet. */
export interface Entry {
  readonly policy: Policy;
  readonly demands: readonly Demand[];
  /** Whether the policy asks for nothing but its demands: it holds for every request that meets them. */
  readonly isDemandsOnly: boolean;
  /** The demands again, as they are asked. */
  readonly check: DemandCheck;
  /** How many demands led here. */
  readonly level: number;
  /** How many times the policy is filed by what led here: once for each way of meeting each demand. */
  readonly copies: number;
}

/** The entry of a policy at the root, with all its demands. */
export function entryOf(policy: Policy, demands: readonly Demand[], isDemandsOnly: boolean): Entry {
  return { policy, demands, isDemandsOnly, check: demandCheck(demands), level: 0, copies: 1 };
}

/** The entry below a branch: what the branch has asked need not be asked again. */
export function withoutDemand(entry: Entry, asked: Demand): Entry {
  const demands = entry.demands.filter((demand) => demand !== asked);
  return {
    ...entry,
    demands,
    check: demandCheck(demands),
    level: entry.level + 1,
    copies: entry.copies * asked.length,
  };
}

/** A policy is filed as many times at most: several demands with many alternatives would be multiplied. */
export const MAX_COPIES = 64;

/** Whether the entry may be filed under a demand. */
export function isFiledUnder(demand: Demand, { copies }: Entry): boolean {
  return copies * demand.length <= MAX_COPIES;
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

/**
 * Every policy that the request could meet the demands of, and of those with `isDemandsOnly` only what it does meet
 * the demands of; some may come more than once.
 *
 * @param before what was found so far, to which the rest is added; there is a list only when there is an entry.
 */
export function collect(
  from: IndexNode,
  request: AccessRequest,
  before?: Entry[],
): Entry[] | undefined {
  const { entries } = from;
  const isAlone = entries.length === 1;
  let found = before;
  for (const entry of entries) {
    // To see that a demand is not met takes less than to tell why a policy does not hold.
    if ((isAlone && !entry.isDemandsOnly) || meets(entry.check, request)) {
      found = withEntry(found, entry);
    }
  }
  for (const { feature, children } of from.branches) {
    const value = valueIn(feature, request);
    if (value === undefined) continue;
    if (typeof value !== 'object') found = descend(children.get(value), request, found);
    else for (const one of value) found = descend(children.get(one), request, found);
  }
  return found;
}

function descend(
  child: IndexNode | undefined,
  request: AccessRequest,
  found: Entry[] | undefined,
): Entry[] | undefined {
  return child ? collect(child, request, found) : found;
}

function withEntry(found: Entry[] | undefined, entry: Entry): Entry[] {
  if (!found) return [entry];
  found.push(entry);
  return found;
}
