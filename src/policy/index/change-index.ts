import { buildIndex, MAX_BRANCHES } from './build-index.js';
import { chosen, SMALL, type Choice } from './choice.js';
import type { Demand } from './demand.js';
import type { Scalar } from './feature.js';
import {
  EMPTY,
  isFiledUnder,
  node,
  withoutDemand,
  type Branch,
  type Entry,
  type IndexNode,
} from './index-node.js';

const NO_CHILDREN: Branch['children'] = new Map();

/** The index with one more policy; everything but the way to it is shared with the index before. */
export function added(to: IndexNode, entry: Entry): IndexNode {
  if (to.branches.length === 0) {
    const entries = [...to.entries, entry];
    return entries.length <= 2 * SMALL ? node(entries, []) : buildIndex(entries);
  }
  const demand = demandToFileBy(to, entry);
  if (!demand) return node([...to.entries, entry], to.branches);
  const below = withoutDemand(entry, demand);
  let branches = to.branches;
  for (const { feature, value } of demand) {
    const known = branches.some((branch) => branch.feature.key === feature.key);
    const all = known ? branches : [...branches, { feature, children: NO_CHILDREN }];
    branches = all.map((branch) =>
      branch.feature.key === feature.key
        ? withChild(branch, value, added(branch.children.get(value) ?? EMPTY, below))
        : branch,
    );
  }
  return node(to.entries, branches);
}

/** The index without a policy; the very same index if it was not there. */
export function removed(from: IndexNode, entry: Entry): IndexNode {
  const entries = from.entries.filter(({ policy }) => policy !== entry.policy);
  let branches = from.branches;
  for (const demand of entry.demands) {
    const below = withoutDemand(entry, demand);
    for (const { feature, value } of demand) {
      branches = branches.map((branch) =>
        branch.feature.key === feature.key ? withoutEntry(branch, value, below) : branch,
      );
    }
  }
  const isSame =
    entries.length === from.entries.length &&
    branches.every((one, at) => one === from.branches[at]);
  return isSame ? from : node(entries, branches);
}

function withoutEntry(branch: Branch, value: Scalar, entry: Entry): Branch {
  const child = branch.children.get(value);
  if (!child) return branch;
  const rest = removed(child, entry);
  return rest === child ? branch : withChild(branch, value, rest);
}

function withChild({ feature, children }: Branch, value: Scalar, child: IndexNode): Branch {
  const changed = new Map(children);
  if (child.size === 0) changed.delete(value);
  else changed.set(value, child);
  return { feature, children: changed };
}

/** The demand that tells the policy apart from those that are filed. */
function demandToFileBy(at: IndexNode, entry: Entry): Demand | undefined {
  return chosen(
    entry.demands.filter((demand) => isFiledUnder(demand, entry)).flatMap(choiceAmong(at)),
  );
}

/** None where there is no room for the features of the demand. */
function choiceAmong(at: IndexNode): (demand: Demand) => Choice[] {
  return (demand) => {
    let room = MAX_BRANCHES - at.branches.length;
    let sharers = 0;
    let values = Number.POSITIVE_INFINITY;
    const seen = new Set<string>();
    for (const { feature, value } of demand) {
      const branch = at.branches.find((known) => known.feature.key === feature.key);
      sharers += branch?.children.get(value)?.size ?? 0;
      values = Math.min(values, branch?.children.size ?? 0);
      if (!branch && !seen.has(feature.key)) room -= 1;
      seen.add(feature.key);
    }
    return room < 0 ? [] : [{ demand, sharers, values }];
  };
}
