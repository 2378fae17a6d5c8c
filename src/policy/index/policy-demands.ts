import type { Policy, PolicyLinks, Rule } from '../policy.js';
import { demandAt, demandFor, demandOfAny, type Demand } from './demand.js';
import { roleNameFeature } from './feature.js';
import { demandsOfPattern } from './pattern-demands.js';
import { demandsOfSchema } from './schema-demands.js';

const ROLE_NAMES = roleNameFeature(['role']);
const RPC_PATH = '/rpc';

/**
 * What a policy demands of every request that it could allow; a request that fails one of the demands can
 * be decided without asking the policy.
 *
 * @returns `undefined` for a policy that never takes part in decisions.
 */
export function demandsOfPolicy(policy: Policy): readonly Demand[] | undefined {
  if (policy.status !== 'active' || policy.type === 'scope') return undefined;
  return [
    ...demandsOfLinks(policy.links),
    ...(policy.roleName === undefined ? [] : demandFor(ROLE_NAMES, [policy.roleName])),
    ...(policy.type === 'rpc' ? demandAt(['uri'], [RPC_PATH]) : []),
    ...demandsOfRule(policy),
  ];
}

/**
 * Whether an active policy asks for nothing but its demands, so that it holds for every request that meets
 * them. In doubt it does not.
 */
export function isDemandsOnly(policy: Policy): boolean {
  if (policy.type !== undefined && policy.type !== 'rpc') return false;
  if (policy.links && demandsOfLinks(policy.links).length === 0) return false;
  switch (policy.engine) {
    case 'allow':
      return true;
    case 'matcho':
      return demandsOfPattern(policy.pattern).length === policy.equalities?.values.length;
    case 'allow-rpc':
    case 'matcho-rpc':
    case 'json-schema':
    case 'complex':
    case 'sql':
      return false;
  }
}

function demandsOfLinks(links: PolicyLinks | undefined): Demand[] {
  if (!links) return [];
  const { users, clients, operations } = links;
  const parts = [
    demandAt(['user', 'id'], users),
    demandAt(['client', 'id'], clients),
    demandAt(['operation', 'id'], operations),
  ];
  const linked = [users, clients, operations].flatMap(({ size }, at) =>
    size > 0 ? [parts[at] ?? []] : [],
  );
  return demandOfAny(linked);
}

function demandsOfRule(rule: Rule): Demand[] {
  switch (rule.engine) {
    case 'allow':
    case 'sql':
      return [];
    case 'matcho':
      return demandsOfPattern(rule.pattern);
    case 'json-schema':
      return demandsOfSchema(rule.schema.source);
    case 'complex':
      return rule.operator === 'and'
        ? rule.rules.flatMap(demandsOfRule)
        : demandOfAny(rule.rules.map(demandsOfRule));
    case 'matcho-rpc':
    case 'allow-rpc':
      return [...demandAt(['uri'], [RPC_PATH]), ...demandAt(['params', '_m'], rule.methods.keys())];
  }
}
