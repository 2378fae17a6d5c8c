import type { Policy } from '../policy.js';
import { buildIndex, MAX_BRANCHES, MAX_LEVELS } from './build-index.js';
import { chosen, SMALL, type Choice } from './choice.js';
import type { Demand } from './demand.js';
import type { Feature, Scalar } from './feature.js';
import {
  EMPTY,
  isFiledUnder,
  node,
  withoutDemand,
  type Branch,
  type Entry,
  type IndexNode,
} from './index-node.js';

/** How many policies a leaf may have before it is built anew. */
const LARGE = 2 * SMALL;
const NO_CHILDREN: Branch['children'] = new Map();

/**
 * The index without some policies and with others; the very same index if nothing differs, and everything but
 * the ways to them shared with the index before.
 */
export function changed(
  index: IndexNode,
  gone: readonly Entry[],
  come: readonly Entry[],
): IndexNode {
  const change = new Change();
  const pruned = gone.reduce(
    (from, { policy, demands }) => change.removed(from, policy, demands),
    index,
  );
  return come.reduce((to, entry) => change.added(to, entry), pruned);
}

/** One change of an index: what it has copied nobody else knows yet, so that it copies nothing twice. */
class Change {
  private readonly copies = new WeakMap<Branch['children'], Map<Scalar, IndexNode>>();

  added(to: IndexNode, entry: Entry): IndexNode {
    const isLeaf = to.branches.length === 0;
    if (isLeaf && to.entries.length < LARGE) return node([...to.entries, entry], []);
    if (isLeaf && to.entries.length === LARGE) return buildIndex([...to.entries, entry]);
    // In a larger leaf are those that could be filed no further when it was built.
    const demand = demandToFileBy(to, entry);
    if (!demand) return { ...to, size: to.size + 1, entries: [...to.entries, entry] };
    const below = withoutDemand(entry, demand);
    let { branches, size } = to;
    for (const { feature, value } of demand) {
      const branch = branchOf(branches, feature) ?? { feature, children: NO_CHILDREN };
      const before = branch.children.get(value) ?? EMPTY;
      const after = this.added(before, below);
      size += after.size - before.size;
      branches = withBranch(branches, this.withChild(branch, value, after));
    }
    return { size, entries: to.entries, branches };
  }

  /** @param demands of the policy, but for those that led here */
  removed(from: IndexNode, policy: Policy, demands: readonly Demand[]): IndexNode {
    const entries = from.entries.filter((entry) => entry.policy !== policy);
    let { branches } = from;
    let size = from.size + entries.length - from.entries.length;
    for (const demand of demands) {
      for (const { feature, value } of demand) {
        const branch = branchOf(branches, feature);
        const before = branch?.children.get(value);
        // Of thousands of demands few lead anywhere.
        if (!branch || !before) continue;
        const others = demands.filter((other) => other !== demand);
        const after = this.removed(before, policy, others);
        if (after === before) continue;
        size += after.size - before.size;
        branches = withBranch(branches, this.withChild(branch, value, after));
      }
    }
    const isSame = entries.length === from.entries.length && branches === from.branches;
    if (isSame) return from;
    return { size, entries, branches: branches.filter(({ children }) => children.size > 0) };
  }

  private withChild({ feature, children }: Branch, value: Scalar, child: IndexNode): Branch {
    const copy = this.copies.get(children) ?? new Map(children);
    this.copies.set(copy, copy);
    if (child.size === 0) copy.delete(value);
    else copy.set(value, child);
    return { feature, children: copy };
  }
}

function branchOf(branches: readonly Branch[], feature: Feature): Branch | undefined {
  return branches.find((known) => known.feature.key === feature.key);
}

/** The branches with this one for that of its feature, or beside them. */
function withBranch(branches: readonly Branch[], branch: Branch): readonly Branch[] {
  const known = branchOf(branches, branch.feature);
  return known
    ? branches.map((other) => (other === known ? branch : other))
    : [...branches, branch];
}

/** The demand that tells the policy apart from those that are filed. */
function demandToFileBy(at: IndexNode, entry: Entry): Demand | undefined {
  if (entry.level >= MAX_LEVELS) return undefined;
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
      const branch = branchOf(at.branches, feature);
      sharers += branch?.children.get(value)?.size ?? 0;
      values = Math.min(values, branch?.children.size ?? 0);
      if (!branch && !seen.has(feature.key)) room -= 1;
      seen.add(feature.key);
    }
    return room < 0 ? [] : [{ demand, sharers, values }];
  };
}
