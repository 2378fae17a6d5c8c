import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prune } from '../../src/policy/access-request.js';
import type { JsonObject } from '../../src/policy/json.js';
import { naiveDecision } from './naive-decision.js';
import type { PolicySetVector, PolicySetVectors } from './policy-sets.js';

/** What one policy makes of several requests; see test/vectors/decisions/README.md. */
export interface DecisionGroup {
  readonly name: string;
  readonly policy: JsonObject & { readonly id: string; readonly engine: string };
  readonly allows: readonly JsonObject[];
  readonly denies: readonly JsonObject[];
}

/** One decision, and what it must be. */
export interface DecisionCase {
  readonly policy: DecisionGroup['policy'];
  readonly request: JsonObject;
  readonly effect: 'allow' | 'deny';
}

/** Files of groups that are decided in process. */
export const IN_PROCESS = ['matcho', 'json-schema', 'complex', 'applicability', 'rpc'] as const;

/** Where the files are; commands and tests run in the root of the project. */
export const DECISIONS = 'test/vectors/decisions';

/** The groups of a file as they are. */
export function decisionGroups(file: string): readonly DecisionGroup[] {
  return read(file) as readonly DecisionGroup[];
}

/** The sets of policies as they are. */
export function policySets(): PolicySetVectors {
  return read('policy-sets') as PolicySetVectors;
}

/** The id of the policy that allows each request, in their order; `undefined` where it is denied. */
export function decidingIn(
  { allows }: PolicySetVector,
  count: number,
): readonly (string | undefined)[] {
  const deciding: (string | undefined)[] = Array.from({ length: count }, () => undefined);
  for (const [id, places] of Object.entries(allows)) for (const at of places) deciding[at] = id;
  return deciding;
}

/** The group as the naive reference evaluator sorts its requests, in the order in which they are written. */
export function judgedGroup(group: DecisionGroup): DecisionGroup {
  const isAllowed = (request: JsonObject): boolean =>
    naiveDecision([group.policy], (prune(request) ?? {}) as JsonObject) !== undefined;
  const requests = [...group.allows, ...group.denies];
  const denies = requests.filter((request) => !isAllowed(request));
  return { ...group, allows: requests.filter(isAllowed), denies };
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(DECISIONS, `${file}.json`), 'utf8'));
}

/** Every decision of a group. */
export function casesOf({ policy, allows, denies }: DecisionGroup): readonly DecisionCase[] {
  return [
    ...allows.map((request) => ({ policy, request, effect: 'allow' as const })),
    ...denies.map((request) => ({ policy, request, effect: 'deny' as const })),
  ];
}
