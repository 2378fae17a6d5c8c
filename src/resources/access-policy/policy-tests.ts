import { InvalidResource, type Issue } from '../../errors/fhir-error.js';
import type { PolicyTest } from '../../policy/parse-tests.js';
import type { Policy } from '../../policy/policy.js';
import { testFailure } from '../../policy/run-test.js';
import type { KnownRequests } from './known-requests.js';

/** How long the tests of one policy may take together. */
const MAX_TIME_MS = 1_000;
const PLACE = 'AccessPolicy.tests';

/**
 * Runs the tests that a policy brings.
 *
 * @param now milliseconds of a clock
 * @returns one issue for each test that fails or cannot be run; none when all pass.
 */
export function failuresOfTests(
  policy: Policy,
  tests: readonly PolicyTest[],
  requests: KnownRequests,
  now = () => performance.now(),
): readonly Issue[] {
  const end = now() + MAX_TIME_MS;
  const failures: Issue[] = [];
  for (const [index, test] of tests.entries()) {
    if (now() > end) {
      return [...failures, issueAt(PLACE, `take more than ${MAX_TIME_MS} ms; test less at once`)];
    }
    failures.push(...failuresOf(policy, test, `${PLACE}[${index}]`, requests));
  }
  return failures;
}

function failuresOf(
  policy: Policy,
  { name, request, expect }: PolicyTest,
  place: string,
  requests: KnownRequests,
): readonly Issue[] {
  try {
    const failure = testFailure(policy, requests.complete(request), expect);
    return failure === undefined ? [] : [issueAt(place, `test ${quoted(name)}: ${failure}`)];
  } catch (error) {
    if (!(error instanceof InvalidResource)) throw error;
    return error.issues.map(({ diagnostics, expression }) =>
      issueAt(`${place}.${expression ?? 'request'}`, `test ${quoted(name)}: ${diagnostics}`),
    );
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function issueAt(expression: string, diagnostics: string): Issue {
  return { code: 'value', diagnostics, expression };
}
