import { FhirError, type Issue } from '../errors/fhir-error.js';
import type { ParsedBody } from '../interactions/formats/json.js';
import { assertResourceId } from '../interactions/resource-id.js';
import { InvalidPolicy } from '../policy/invalid-policy.js';
import type { JsonObject } from '../policy/json.js';
import { lint } from '../policy/lint/lint.js';
import { asksDatabase } from '../policy/sql-predicate.js';
import type { SqlDialect } from '../policy/sql/sql-dialect.js';
import { ACCESS_POLICY_ELEMENTS } from '../resources/access-policy/access-policy.definition.js';
import type { KnownRequests } from '../resources/access-policy/known-requests.js';
import {
  issuesOfPolicy,
  parseTestedPolicy,
  type TestedPolicy,
} from '../resources/access-policy/parse-tested-policy.js';
import { runTests, type TestRun } from '../resources/access-policy/policy-tests.js';
import { SystemResourceRules } from '../resources/definition/system-resource-rules.js';
import type { Outcome, PolicyReport, TestReport } from './report.js';

/** What policies are checked against: what a server knows without a database. */
export interface KnownServer {
  readonly requests: KnownRequests;
  readonly sql: SqlDialect;
}

/** What was found, before it is judged. */
type Findings = Pick<PolicyReport, 'issues' | 'warnings' | 'tests' | 'untried'>;

const UNTRIED = 'engine sql needs the database: the statement was parsed and not tried';
/** Stands for the id that the server would choose; nothing depends on it. */
const NO_ID = 'no-id';

// A policy has no secrets, and profiles are stored where there is a server: nothing is asked about them.
const rules = new SystemResourceRules(ACCESS_POLICY_ELEMENTS, false, {
  externalSecrets: { refusal: () => undefined, warnings: () => [] },
  profiles: { issues: () => Promise.resolve([]) },
});

/**
 * Does with a policy what a server does when it is written, as far as that takes no database: parses and
 * checks it, runs its tests, looks for what its author may not have meant.
 *
 * @param id `undefined` for a policy whose id the server would choose
 */
export async function checkPolicy(
  { body, id, place }: { body: ParsedBody; id: string | undefined; place: string },
  server: KnownServer,
  isStrict: boolean,
): Promise<PolicyReport> {
  const findings = await findingsOf(body, id, server);
  return { id, place, ...findings, outcome: judged(findings, isStrict) };
}

async function findingsOf(
  body: ParsedBody,
  id: string | undefined,
  { requests, sql }: KnownServer,
): Promise<Findings> {
  try {
    const tested = parseTestedPolicy(await validResource(body, id), sql);
    const { policy, tests } = tested;
    const run = runTests(policy, tests, requests);
    return {
      issues: run.overtime ? [run.overtime] : [],
      warnings: lint(policy, { operations: requests.operations() }),
      tests: reportsOf(tested, run),
      untried: asksDatabase(policy) ? UNTRIED : undefined,
    };
  } catch (error) {
    return { issues: issuesOf(error), warnings: [], tests: [], untried: undefined };
  }
}

async function validResource(body: ParsedBody, id: string | undefined): Promise<JsonObject> {
  assertResourceId(id ?? NO_ID, 'AccessPolicy');
  const context = { id: id ?? NO_ID, previous: undefined, previousSecrets: {} };
  const { resource } = await rules.validated(body, context);
  return resource;
}

function reportsOf({ tests }: TestedPolicy, { results }: TestRun): readonly TestReport[] {
  return tests.map(({ name, expect }, index) => {
    const result = results[index];
    if (!result) return { name, expect, outcome: 'not-run', issues: [] };
    return { name, expect, outcome: result.issues.length === 0 ? 'passed' : 'failed', ...result };
  });
}

function issuesOf(error: unknown): readonly Issue[] {
  if (error instanceof InvalidPolicy) return issuesOfPolicy(error);
  if (error instanceof FhirError) return error.issues;
  throw error;
}

function judged({ issues, tests, warnings, untried }: Findings, isStrict: boolean): Outcome {
  const isFaulty = issues.length > 0 || tests.some(({ outcome }) => outcome !== 'passed');
  const isDoubtful = warnings.length > 0 || untried !== undefined;
  if (isFaulty || (isStrict && isDoubtful)) return 'failed';
  return untried === undefined ? 'passed' : 'not-run';
}
