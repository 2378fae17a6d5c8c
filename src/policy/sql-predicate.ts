import type { Rule } from './policy.js';
import type { SqlQuery } from './sql/sql-statement.js';

/** Port to the database, which alone can evaluate `engine: sql` (spec §7). */
export interface SqlPredicate {
  /**
   * Whether the query yields one row whose value is true or a number other than zero.
   *
   * @param policyId of the policy that asks; empty for one that is not stored.
   * @param budget the same object for all queries whose time is bounded together, those of one decision for
   * instance.
   * @throws when the query fails or takes too long; the policy then counts as false.
   */
  holds(policyId: string, query: SqlQuery, budget: object): Promise<boolean>;
}

/** Whether the rule can only be evaluated by asking the database, in full or in part. */
export function asksDatabase(rule: Rule): boolean {
  return rule.engine === 'sql' || (rule.engine === 'complex' && rule.asksDatabase);
}
