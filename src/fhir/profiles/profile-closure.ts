import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { CodeList } from '../validation/bindings.js';
import { coreType } from './profile-claims.js';
import { UnusableProfile, type Profile, type ProfileNode } from './profile-node.js';
import { ReadingLimits } from './reading-limits.js';
import { readProfile } from './read-profile.js';
import { storedCodes, type FindDefinition } from './value-set-codes.js';

/** Profiles that one profile leads to, in types, extensions and bases. */
const MAX_PROFILES = 300;
const MAX_VALUE_SETS = 300;

/** A profile, or why nothing can be validated by it. */
export type FoundProfile = Profile | { readonly problem: string } | undefined;

/** What one profile leads to, read once. */
export interface ProfileClosure {
  /** By canonical URL as it is referred to. */
  readonly profiles: ReadonlyMap<string, FoundProfile>;
  readonly codes: ReadonlyMap<string, CodeList | undefined>;
  /** The definitions that were looked for, there or not, by their `definitionKey`. */
  readonly lookups: ReadonlySet<string>;
  /** How much memory it takes: elements and codes. */
  readonly weight: number;
}

/** What closures are read with. */
export interface ClosureSources {
  readonly find: FindDefinition;
  /** The value sets of R4. */
  readonly knownCodes: (url: string) => CodeList | undefined;
  readonly isType: (name: string) => boolean;
}

/** Reads a profile with everything that validation by it needs; with a problem if that is too much. */
export async function readClosure(
  canonical: string,
  sources: ClosureSources,
): Promise<ProfileClosure> {
  const reader = new ClosureReader(sources);
  try {
    const wanted = [canonical];
    for (let url = wanted.pop(); url !== undefined; url = wanted.pop()) {
      wanted.push(...(await reader.read(url)));
    }
    return await reader.closure();
  } catch (error) {
    if (error instanceof UnusableProfile) return reader.refused(canonical, error.message);
    throw error;
  }
}

class ClosureReader {
  private readonly profiles = new Map<string, FoundProfile>();
  /** Those that were read for their type only. */
  private readonly targets = new Map<string, FoundProfile>();
  private readonly codes = new Map<string, CodeList | undefined>();
  private readonly limits = new ReadingLimits();
  private readonly sources: ClosureSources;

  constructor(sources: ClosureSources) {
    const find: FindDefinition = async (type, canonical) =>
      this.limits.mayLookFor(type, canonical) ? sources.find(type, canonical) : undefined;
    this.sources = { ...sources, find };
  }

  async closure(): Promise<ProfileClosure> {
    const profiles = withoutLoops(new Map([...this.targets, ...this.profiles]));
    const done = new Set<FoundProfile>();
    for (const profile of profiles.values()) await inheritSlicing(profile, profiles, done);
    const { lookups, weight } = this.limits;
    return { profiles, codes: this.codes, lookups, weight };
  }

  /** What is left of a profile that cannot be read to its end. */
  refused(canonical: string, problem: string): ProfileClosure {
    const { lookups } = this.limits;
    const weight = [canonical, ...lookups].reduce((sum, url) => sum + 1 + url.length / 100, 0);
    return { profiles: new Map([[canonical, { problem }]]), codes: new Map(), lookups, weight };
  }

  /** @returns the profiles that this one needs */
  async read(url: string): Promise<readonly string[]> {
    if (this.profiles.has(url) || this.profiles.size >= MAX_PROFILES) return [];
    const profile = this.targets.get(url) ?? (await readFound(url, this.sources));
    this.profiles.set(url, profile);
    if (!profile || 'problem' in profile) return [];
    const needs = needsOf(profile);
    this.limits.hold(url, needs.nodes);
    for (const valueSet of needs.valueSets) await this.readCodes(valueSet);
    for (const target of needs.targets) await this.readTarget(target);
    return needs.profiles;
  }

  private async readCodes(valueSet: string): Promise<void> {
    if (this.codes.has(valueSet) || this.codes.size >= MAX_VALUE_SETS) return;
    const list = await codesOf(valueSet, this.sources);
    this.codes.set(valueSet, list);
    this.limits.hold(valueSet, list?.size ?? 0);
  }

  /** Of profiles that references lead to only the type matters. */
  private async readTarget(target: string): Promise<void> {
    const isRead = this.targets.has(target) || this.profiles.has(target);
    if (isRead || this.targets.size >= MAX_PROFILES) return;
    const profile = await readFound(target, this.sources);
    this.targets.set(target, profile);
    const isUsable = profile && !('problem' in profile);
    this.limits.hold(target, isUsable ? nodesOf(profile.root).length : 0);
  }
}

async function readFound(
  canonical: string,
  { find, isType }: ClosureSources,
): Promise<FoundProfile> {
  const definition = await find('StructureDefinition', canonical);
  if (!definition) return undefined;
  // Reading a large one takes milliseconds, and there may be hundreds.
  await yieldToOthers();
  try {
    return readProfile(definition, isType);
  } catch (error) {
    if (error instanceof UnusableProfile) return { problem: error.message };
    throw error;
  }
}

async function codesOf(
  canonical: string,
  { find, knownCodes }: ClosureSources,
): Promise<(CodeList & { readonly size?: number }) | undefined> {
  return knownCodes(canonical.split('|')[0] ?? '') ?? (await storedCodes(canonical, find));
}

interface Needs {
  readonly profiles: readonly string[];
  readonly targets: readonly string[];
  readonly valueSets: readonly string[];
  readonly nodes: number;
}

function needsOf({ root, base }: Profile): Needs {
  const nodes = nodesOf(root);
  const types = nodes.flatMap((node) => node.types);
  return {
    profiles: [...(base === undefined ? [] : [base]), ...types.flatMap(({ profiles }) => profiles)],
    targets: types.flatMap(({ targets }) => targets).filter((url) => coreType(url) === undefined),
    valueSets: nodes.flatMap(({ binding }) => binding ?? []),
    nodes: nodes.length,
  };
}

function nodesOf(node: ProfileNode): readonly ProfileNode[] {
  const found = [node];
  for (const each of found) found.push(...each.children, ...each.slices);
  return found;
}

/** A profile that is based on itself can be reached by no resource. */
function withoutLoops(
  profiles: ReadonlyMap<string, FoundProfile>,
): ReadonlyMap<string, FoundProfile> {
  return new Map(
    [...profiles].map(([url, profile]) => [url, baseProblem(profile, profiles) ?? profile]),
  );
}

/** What is amiss with what a profile is based on; its own rules alone would let too much pass. */
function baseProblem(
  profile: FoundProfile,
  profiles: ReadonlyMap<string, FoundProfile>,
): { readonly problem: string } | undefined {
  const seen = new Set<FoundProfile>();
  let at = profile;
  while (at && !('problem' in at) && at.base !== undefined) {
    if (seen.has(at)) return { problem: 'is based on itself' };
    seen.add(at);
    const base: FoundProfile = profiles.get(at.base);
    const why =
      base && 'problem' in base ? `, which ${base.problem}` : ', which is not stored here';
    if (!base || 'problem' in base) {
      return { problem: `has no snapshot and is based on ${at.base.slice(0, 200)}${why}` };
    }
    at = base;
  }
  return undefined;
}

/**
 * Slices that a differential adds or restricts are told apart as the profile further down says.
 *
 * @param done the profiles that have been looked at, each once
 */
async function inheritSlicing(
  profile: FoundProfile,
  profiles: ReadonlyMap<string, FoundProfile>,
  done: Set<FoundProfile>,
): Promise<void> {
  if (!profile || 'problem' in profile || profile.base === undefined || done.has(profile)) return;
  done.add(profile);
  const base = profiles.get(profile.base);
  await inheritSlicing(base, profiles, done);
  // As long as reading one, and there may be hundreds.
  await yieldToOthers();
  if (base && !('problem' in base)) inherit(profile.root, base.root);
}

function inherit(node: ProfileNode, base: ProfileNode): void {
  if (node.slices.length > 0 && base.slicing) node.slicing ??= base.slicing;
  const children = new Map(base.children.map((child) => [child.name, child]));
  for (const child of node.children) {
    const own = children.get(child.name);
    if (own) inherit(child, own);
  }
  const slices = new Map(base.slices.map((slice) => [slice.sliceName, slice]));
  for (const slice of node.slices) {
    const own = slices.get(slice.sliceName);
    if (!own) continue;
    slice.restricts = own;
    inherit(slice, own);
  }
}
