import type { Issue } from '../../errors/fhir-error.js';
import { InvalidPolicy, PolicyIssues } from '../../policy/invalid-policy.js';
import type { JsonObject } from '../../policy/json.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import { parseTests, type PolicyTest } from '../../policy/parse-tests.js';
import type { Policy } from '../../policy/policy.js';
import { asksDatabase } from '../../policy/sql-predicate.js';
import type { SqlDialect } from '../../policy/sql/sql-dialect.js';

/** A policy with the tests that it brings. */
export interface TestedPolicy {
  readonly policy: Policy;
  readonly tests: readonly PolicyTest[];
}

const UNTESTABLE = {
  path: 'AccessPolicy.tests',
  message: 'not with engine sql: what it answers depends on the resources that are stored',
};

/**
 * Parses an AccessPolicy that is to be stored, its tests included.
 *
 * @param sql what statements are checked against; without it, `engine: sql` is refused.
 * @throws InvalidPolicy with every problem of the policy and of how its tests are written.
 */
export function parseTestedPolicy(resource: JsonObject, sql: SqlDialect | undefined): TestedPolicy {
  const issues = new PolicyIssues();
  const policy = issues.collect(() => parsePolicy(resource, sql));
  const tests = issues.collect(() => parseTests(resource));
  issues.throwIfAny();
  if (!policy || !tests) throw new InvalidPolicy([]);
  if (tests.length > 0 && asksDatabase(policy)) throw new InvalidPolicy([UNTESTABLE]);
  return { policy, tests };
}

/** The problems of a policy as they are answered. */
export function issuesOfPolicy({ issues }: InvalidPolicy): readonly Issue[] {
  return issues.map(({ path, message }) => ({
    code: 'value',
    diagnostics: message,
    expression: path,
  }));
}
