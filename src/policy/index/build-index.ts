import { chosen, SMALL, type Choice } from './choice.js';
import type { Demand } from './demand.js';
import type { Feature, Scalar } from './feature.js';
import {
  isFiledUnder,
  node,
  withoutDemand,
  type Branch,
  type Entry,
  type IndexNode,
} from './index-node.js';

/** Features that one node tells apart: each costs every request a look. */
export const MAX_BRANCHES = 16;
/** Demands that one after the other lead to a policy: those that many share are not told apart by more. */
export const MAX_LEVELS = 5;

type Counts = ReadonlyMap<string, ReadonlyMap<Scalar, number>>;

/** A policy, and the demand that it is to be filed under; `undefined` for none. */
interface Filing {
  readonly entry: Entry;
  readonly demand: Demand | undefined;
}

/**
 * Files policies: each under a demand that it shares with few others, and those that end up together by what
 * else they demand.
 */
export function buildIndex(entries: readonly Entry[]): IndexNode {
  const level = entries[0]?.level ?? 0;
  if (entries.length <= SMALL || level >= MAX_LEVELS) return node(entries, []);
  const counts = count(entries);
  const all = entries.map((entry) => ({ entry, demand: demandToFileBy(entry, counts) }));
  const features = mostUsed(all);
  const filings = all.map(({ entry }) => ({
    entry,
    demand: demandToFileBy(entry, counts, features),
  }));
  const unfiled = filings.filter(({ demand }) => demand === undefined);
  return node(
    unfiled.map(({ entry }) => entry),
    branchesOf(filings),
  );
}

function count(entries: readonly Entry[]): Counts {
  const counts = new Map<string, Map<Scalar, number>>();
  for (const { feature, value } of entries.flatMap(({ demands }) => demands.flat())) {
    const values = counts.get(feature.key) ?? new Map<Scalar, number>();
    counts.set(feature.key, values);
    values.set(value, (values.get(value) ?? 0) + 1);
  }
  return counts;
}

/** The demand that tells the policy apart, of those by known features. */
function demandToFileBy(
  entry: Entry,
  counts: Counts,
  features?: ReadonlySet<string>,
): Demand | undefined {
  const choices: Choice[] = [];
  for (const demand of entry.demands) {
    if (!isFiledUnder(demand, entry)) continue;
    if (features && !demand.every(({ feature }) => features.has(feature.key))) continue;
    choices.push(choiceOf(demand, counts));
  }
  return chosen(choices);
}

function choiceOf(demand: Demand, counts: Counts): Choice {
  let sharers = 0;
  let values = Number.POSITIVE_INFINITY;
  for (const { feature, value } of demand) {
    const known = counts.get(feature.key);
    sharers += known?.get(value) ?? 0;
    values = Math.min(values, known?.size ?? 0);
  }
  return { demand, sharers, values };
}

function mostUsed(filings: readonly Filing[]): ReadonlySet<string> {
  const uses = new Map<string, number>();
  for (const { feature } of filings.flatMap(({ demand }) => demand ?? [])) {
    uses.set(feature.key, (uses.get(feature.key) ?? 0) + 1);
  }
  const byUse = [...uses].sort(([, one], [, other]) => other - one);
  return new Set(byUse.slice(0, MAX_BRANCHES).map(([key]) => key));
}

function branchesOf(filings: readonly Filing[]): Branch[] {
  const groups = new Map<string, { feature: Feature; values: Map<Scalar, Entry[]> }>();
  for (const { entry, demand } of filings) {
    if (!demand) continue;
    const below = withoutDemand(entry, demand);
    for (const { feature, value } of demand) {
      const group = groups.get(feature.key) ?? { feature, values: new Map<Scalar, Entry[]>() };
      groups.set(feature.key, group);
      const entries = group.values.get(value);
      if (entries) entries.push(below);
      else group.values.set(value, [below]);
    }
  }
  return [...groups.values()].map(({ feature, values }) => ({
    feature,
    children: new Map([...values].map(([value, entries]) => [value, buildIndex(entries)])),
  }));
}
