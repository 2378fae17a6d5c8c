import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/policy/json.js';

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

/** The groups of a file as they are. */
export function decisionGroups(file: string): readonly DecisionGroup[] {
  const path = join(import.meta.dirname, `../vectors/decisions/${file}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly DecisionGroup[];
}

/** Every decision of a group. */
export function casesOf({ policy, allows, denies }: DecisionGroup): readonly DecisionCase[] {
  return [
    ...allows.map((request) => ({ policy, request, effect: 'allow' as const })),
    ...denies.map((request) => ({ policy, request, effect: 'deny' as const })),
  ];
}
