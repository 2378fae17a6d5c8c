import type { JsonSchema } from './json-schema/json-schema.js';
import type { Equalities } from './matcho/equalities.js';
import type { Pattern } from './matcho/pattern.js';
import type { SqlStatement } from './sql/sql-statement.js';

/** Engines that a policy may name. `sql` needs the database; the others are pure. */
export const POLICY_ENGINES = [
  'allow',
  'matcho',
  'json-schema',
  'sql',
  'complex',
  'matcho-rpc',
  'allow-rpc',
] as const;

/** Evaluation engine; decides which engine-specific elements a policy has (spec §7). */
export type PolicyEngine = (typeof POLICY_ENGINES)[number];

/** Kinds of request that a policy may be limited to. */
export const POLICY_TYPES = ['rest', 'rpc', 'scope'] as const;

/** `rpc` speaks of `/rpc` only, `rest` of everything else; `scope` never decides by itself. */
export type PolicyType = (typeof POLICY_TYPES)[number];

/** States of a policy; only an active one takes part in decisions. */
export const POLICY_STATUSES = ['active', 'shadow', 'draft'] as const;

/** State of a policy. */
export type PolicyStatus = (typeof POLICY_STATUSES)[number];

/** Ids of the resources that a policy is linked to; any one of them suffices. */
export interface PolicyLinks {
  readonly users: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
}

/** What an engine evaluates, parsed and compiled. */
export type Rule =
  | { readonly engine: 'allow' }
  | {
      readonly engine: 'matcho';
      readonly pattern: Pattern;
      /** The same again, where the pattern is nothing else. */
      readonly equalities: Equalities | undefined;
    }
  | { readonly engine: 'json-schema'; readonly schema: JsonSchema }
  | { readonly engine: 'sql'; readonly statement: SqlStatement }
  | {
      readonly engine: 'complex';
      readonly operator: 'and' | 'or';
      readonly rules: readonly Rule[];
      /** Whether `engine: sql` is among the rules, at any depth. */
      readonly asksDatabase: boolean;
    }
  | { readonly engine: 'matcho-rpc'; readonly methods: ReadonlyMap<string, Pattern> }
  | { readonly engine: 'allow-rpc'; readonly methods: ReadonlySet<string> };

/** An AccessPolicy, parsed and compiled (spec §7). Policies only ever grant. */
export type Policy = {
  /** Empty for a policy that is not stored yet. */
  readonly id: string;
  /** `undefined` for a global policy. */
  readonly links: PolicyLinks | undefined;
  readonly roleName: string | undefined;
  readonly type: PolicyType | undefined;
  readonly status: PolicyStatus;
} & Rule;
