import type { EntityManager } from 'typeorm';
import { lint } from '../../policy/lint/lint.js';
import { warningOf, type Warning } from '../../policy/lint/warning.js';
import type { Policy } from '../../policy/policy.js';
import type { KnownRequests } from './known-requests.js';
import type { RoleNames } from './role-names.js';
import type { SqlPolicies } from './sql/sql-policies.js';

/** What policies are compared with when they are checked. */
export interface PolicySurroundings {
  readonly requests: KnownRequests;
  readonly roles: Pick<RoleNames, 'isKnown'>;
  /** Without it, `engine: sql` is refused. */
  readonly sql?: SqlPolicies;
}

/**
 * Everything that the author of a policy may not have meant, on this server as it is.
 *
 * @param manager of the transaction whose own writes are to count
 */
export async function policyWarnings(
  policy: Policy,
  { requests, roles }: PolicySurroundings,
  manager?: EntityManager,
): Promise<readonly Warning[]> {
  const warnings = lint(policy, { operations: requests.operations() });
  const { roleName } = policy;
  if (roleName === undefined || (await roles.isKnown(roleName, manager))) return warnings;
  return [...warnings, warningOf('unknown-role', [roleName])];
}
