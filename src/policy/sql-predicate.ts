import type { AccessRequest } from './access-request.js';
import type { PolicyEngine } from './policy.js';

/** Port to the database, which alone can evaluate `engine: sql` (spec §7). */
export interface SqlPredicate {
  /**
   * Whether the query of the policy answers true for the request.
   *
   * @throws when the query fails or takes too long; the policy then counts as false.
   */
  holds(policyId: string, request: AccessRequest): Promise<boolean>;
}

/** Whether policies of this engine can only be evaluated by asking the database. */
export function needsDatabase(engine: PolicyEngine): boolean {
  return engine === 'sql';
}
