import { InvalidPolicy, joinPath, PolicyIssues } from './invalid-policy.js';
import { isArray, isObject, own, ownString, type Json, type JsonObject } from './json.js';

/** One element of `AccessPolicy.tests`: a request, and what the policy alone is to make of it. */
export interface PolicyTest {
  readonly name: string;
  /** As `/auth/test-policy` takes it, without what would have to be looked up. */
  readonly request: JsonObject;
  readonly expect: 'allow' | 'deny';
}

/** How many tests a policy may have. */
export const MAX_TESTS = 100;
/** Of the requests of all tests of a policy together, in characters of JSON. */
const MAX_REQUESTS = 262_144;
const MAX_NAME = 200;
const PLACE = 'AccessPolicy.tests';
const MEMBERS: ReadonlySet<string> = new Set(['name', 'request', 'expect']);
const LOOKED_UP = { 'user-id': 'user', 'client-id': 'client' } as const;

/**
 * Parses the tests of a policy.
 *
 * @returns none for a policy without `tests`.
 * @throws InvalidPolicy with every problem, each with its path.
 */
export function parseTests(resource: JsonObject): readonly PolicyTest[] {
  const written = own(resource, 'tests');
  if (written === undefined) return [];
  if (!isArray(written) || written.length > MAX_TESTS) {
    throw refusal(PLACE, `must be a list of at most ${MAX_TESTS} tests`);
  }
  const issues = new PolicyIssues();
  const tests = written.map((test, index) =>
    issues.collect(() => parseTest(test, joinPath(PLACE, index))),
  );
  issues.throwIfAny();
  const parsed = tests.filter((test) => test !== undefined);
  refuseTogether(parsed);
  return parsed;
}

function parseTest(source: Json, path: string): PolicyTest {
  if (!isObject(source)) throw refusal(path, 'a test is an object: {name, request, expect}');
  const issues = new PolicyIssues();
  for (const key of Object.keys(source)) {
    if (!MEMBERS.has(key)) issues.add(joinPath(path, key), 'unknown element of a test');
  }
  const name = ownString(source, 'name') ?? '';
  if (name.trim() === '' || name.length > MAX_NAME) {
    issues.add(`${path}.name`, `a text of 1 to ${MAX_NAME} characters`);
  }
  const request = own(source, 'request');
  if (!isObject(request)) issues.add(`${path}.request`, 'must be an object');
  const expect = own(source, 'expect');
  if (expect !== 'allow' && expect !== 'deny') {
    issues.add(`${path}.expect`, 'must be allow or deny');
  }
  refuseLookedUp(request, path, issues);
  issues.throwIfAny();
  return { name, request: request as JsonObject, expect: expect as 'allow' | 'deny' };
}

/** The outcome of a test must depend on nothing but the policy. */
function refuseLookedUp(request: Json | undefined, path: string, issues: PolicyIssues): void {
  for (const [name, instead] of Object.entries(LOOKED_UP)) {
    if (own(request, name) === undefined) continue;
    issues.add(joinPath(`${path}.request`, name), `is not looked up here; write ${instead}: {…}`);
  }
}

function refuseTogether(tests: readonly PolicyTest[]): void {
  const issues = new PolicyIssues();
  const names = new Set<string>();
  tests.forEach(({ name }, index) => {
    if (names.has(name)) issues.add(`${PLACE}[${index}].name`, 'another test has this name');
    names.add(name);
  });
  const size = tests.reduce((sum, { request }) => sum + JSON.stringify(request).length, 0);
  if (size > MAX_REQUESTS) {
    issues.add(PLACE, `the requests have more than ${MAX_REQUESTS} characters of JSON together`);
  }
  issues.throwIfAny();
}

function refusal(path: string, message: string): InvalidPolicy {
  return new InvalidPolicy([{ path, message }]);
}
