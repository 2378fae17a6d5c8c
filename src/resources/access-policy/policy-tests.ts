import { InvalidResource, type Issue } from '../../errors/fhir-error.js';
import type { Mismatch } from '../../policy/matcho/match.js';
import type { PolicyTest } from '../../policy/parse-tests.js';
import type { Policy } from '../../policy/policy.js';
import { testFailure } from '../../policy/run-test.js';
import type { KnownRequests } from './known-requests.js';

/** What came of one test; it passed when there are no issues. */
export interface TestResult {
  readonly issues: readonly Issue[];
  /** Where the rule of the policy first fails, if that is why the test does. */
  readonly mismatch?: Mismatch;
}

/** What came of the tests of a policy. */
export interface TestRun {
  /** In their order; fewer than the tests when time was up. */
  readonly results: readonly TestResult[];
  readonly overtime: Issue | undefined;
}

/** How long the tests of one policy may take together. */
const MAX_TIME_MS = 1_000;
const PLACE = 'AccessPolicy.tests';

/**
 * Runs the tests that a policy brings.
 *
 * @param now milliseconds of a clock
 */
export function runTests(
  policy: Policy,
  tests: readonly PolicyTest[],
  requests: KnownRequests,
  now = () => performance.now(),
): TestRun {
  const end = now() + MAX_TIME_MS;
  const results: TestResult[] = [];
  for (const [index, test] of tests.entries()) {
    if (now() > end) {
      const message = `take more than ${MAX_TIME_MS} ms; test less at once`;
      return { results, overtime: issueAt(PLACE, message) };
    }
    results.push(resultOf(policy, test, `${PLACE}[${index}]`, requests));
  }
  return { results, overtime: undefined };
}

/** One issue for each test that fails or cannot be run; none when all pass. */
export function issuesOf({ results, overtime }: TestRun): readonly Issue[] {
  return [...results.flatMap(({ issues }) => issues), ...(overtime ? [overtime] : [])];
}

function resultOf(
  policy: Policy,
  { name, request, expect }: PolicyTest,
  place: string,
  requests: KnownRequests,
): TestResult {
  try {
    const failure = testFailure(policy, requests.complete(request), expect);
    if (failure === undefined) return { issues: [] };
    const { message, ...where } = failure;
    return { issues: [issueAt(place, `test ${quoted(name)}: ${message}`)], ...where };
  } catch (error) {
    if (!(error instanceof InvalidResource)) throw error;
    const issues = error.issues.map(({ diagnostics, expression }) =>
      issueAt(`${place}.${expression ?? 'request'}`, `test ${quoted(name)}: ${diagnostics}`),
    );
    return { issues };
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function issueAt(expression: string, diagnostics: string): Issue {
  return { code: 'value', diagnostics, expression };
}
