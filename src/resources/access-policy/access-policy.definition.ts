import type { EntityManager } from 'typeorm';
import { InvalidPolicy } from '../../policy/invalid-policy.js';
import type { JsonObject } from '../../policy/json.js';
import type {
  Findings,
  SystemResourceDefinition,
} from '../definition/system-resource-definition.js';
import { AccessPolicyDto } from './access-policy.dto.js';
import { issuesOfPolicy, parseTestedPolicy } from './parse-tested-policy.js';
import { issuesOf, runTests } from './policy-tests.js';
import { policyWarnings, type PolicySurroundings } from './policy-warnings.js';

/** Element paths of the references of an AccessPolicy. */
export const ACCESS_POLICY_REFERENCES: readonly string[] = ['link[]'];

/** What of AccessPolicy is known without its surroundings: which elements it may have. */
export const ACCESS_POLICY_ELEMENTS: SystemResourceDefinition = {
  type: 'AccessPolicy',
  dto: AccessPolicyDto,
  references: ACCESS_POLICY_REFERENCES,
  secrets: [],
  searchParameters: new Map(),
};

/** What AccessPolicy adds to the mechanism of system resources (spec §7). */
export function accessPolicyDefinition(surroundings: PolicySurroundings): SystemResourceDefinition {
  return {
    ...ACCESS_POLICY_ELEMENTS,
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
    const { policy, tests } = parseTestedPolicy(resource, surroundings.sql?.dialectForWriting());
    const problems = (await surroundings.sql?.problemsOf(policy, 'AccessPolicy')) ?? [];
    if (problems.length > 0) throw new InvalidPolicy(problems);
    const issues = issuesOf(runTests(policy, tests, surroundings.requests));
    const warnings = await policyWarnings(policy, surroundings, manager);
    return { issues, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return { issues: issuesOfPolicy(error), warnings: [] };
  }
}
