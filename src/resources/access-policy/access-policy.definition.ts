import type { Issue } from '../../errors/fhir-error.js';
import { InvalidPolicy } from '../../policy/invalid-policy.js';
import type { JsonObject } from '../../policy/json.js';
import { lint } from '../../policy/lint.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type {
  Findings,
  SystemResourceDefinition,
} from '../definition/system-resource-definition.js';
import { AccessPolicyDto } from './access-policy.dto.js';

/** What AccessPolicy adds to the mechanism of system resources (spec §7). */
export const ACCESS_POLICY: SystemResourceDefinition = {
  type: 'AccessPolicy',
  dto: AccessPolicyDto,
  references: ['link[]'],
  secrets: [],
  searchParameters: new Map(),
  check: checkPolicy,
};

/** Parses the policy as evaluation would, so that nothing invalid is ever stored. */
function checkPolicy(resource: JsonObject): Findings {
  try {
    const warnings = lint(parsePolicy(resource)).map(({ code, message }) => `${code}: ${message}`);
    return { issues: [], warnings };
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return { issues: error.issues.map(issueOf), warnings: [] };
  }
}

function issueOf({ path, message }: InvalidPolicy['issues'][number]): Issue {
  return { code: 'value', diagnostics: message, expression: path };
}
