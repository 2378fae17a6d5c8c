import type { EntityManager } from 'typeorm';
import type { Issue } from '../../errors/fhir-error.js';
import { InvalidPolicy, PolicyIssues } from '../../policy/invalid-policy.js';
import type { JsonObject } from '../../policy/json.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import { parseTests, type PolicyTest } from '../../policy/parse-tests.js';
import type { Policy } from '../../policy/policy.js';
import { asksDatabase } from '../../policy/sql-predicate.js';
import type { SqlDialect } from '../../policy/sql/sql-dialect.js';
import type {
  Findings,
  SystemResourceDefinition,
} from '../definition/system-resource-definition.js';
import { AccessPolicyDto } from './access-policy.dto.js';
import { failuresOfTests } from './policy-tests.js';
import { policyWarnings, type PolicySurroundings } from './policy-warnings.js';

const UNTESTABLE = {
  path: 'AccessPolicy.tests',
  message: 'not with engine sql: what it answers depends on the resources that are stored',
};

/** Element paths of the references of an AccessPolicy. */
export const ACCESS_POLICY_REFERENCES: readonly string[] = ['link[]'];

/** What AccessPolicy adds to the mechanism of system resources (spec §7). */
export function accessPolicyDefinition(surroundings: PolicySurroundings): SystemResourceDefinition {
  return {
    type: 'AccessPolicy',
    dto: AccessPolicyDto,
    references: ACCESS_POLICY_REFERENCES,
    secrets: [],
    searchParameters: new Map(),
    check: (resource, { transaction }) => checkPolicy(resource, surroundings, transaction.manager),
  };
}

/**
 * Parses the policy as evaluation would, so that nothing invalid is ever stored, and runs its tests, so
 * that nothing is stored that does not do what its author says.
 */
async function checkPolicy(
  resource: JsonObject,
  surroundings: PolicySurroundings,
  manager: EntityManager,
): Promise<Findings> {
  try {
    const { policy, tests } = parsed(resource, surroundings.sql?.dialectForWriting());
    const problems = (await surroundings.sql?.problemsOf(policy, 'AccessPolicy')) ?? [];
    if (problems.length > 0) throw new InvalidPolicy(problems);
    const issues = failuresOfTests(policy, tests, surroundings.requests);
    const warnings = await policyWarnings(policy, surroundings, manager);
    return { issues, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return { issues: error.issues.map(issueOf), warnings: [] };
  }
}

/** @throws InvalidPolicy with every problem of the policy and of how its tests are written. */
function parsed(
  resource: JsonObject,
  sql: SqlDialect | undefined,
): {
  readonly policy: Policy;
  readonly tests: readonly PolicyTest[];
} {
  const issues = new PolicyIssues();
  const policy = issues.collect(() => parsePolicy(resource, sql));
  const tests = issues.collect(() => parseTests(resource));
  issues.throwIfAny();
  if (!policy || !tests) throw new InvalidPolicy([]);
  if (tests.length > 0 && asksDatabase(policy)) throw new InvalidPolicy([UNTESTABLE]);
  return { policy, tests };
}

function issueOf({ path, message }: InvalidPolicy['issues'][number]): Issue {
  return { code: 'value', diagnostics: message, expression: path };
}
