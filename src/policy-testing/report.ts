import type { Issue } from '../errors/fhir-error.js';
import type { Warning } from '../policy/lint/warning.js';
import type { Mismatch } from '../policy/matcho/match.js';

/** What came of something that was tried; `not-run` is never a pass. */
export type Outcome = 'passed' | 'failed' | 'not-run';

/** One test of a policy. */
export interface TestReport {
  readonly name: string;
  readonly expect: 'allow' | 'deny';
  readonly outcome: Outcome;
  readonly issues: readonly Issue[];
  /** Where the rule of the policy first fails, if that is why the test does. */
  readonly mismatch?: Mismatch;
}

/** One policy of a file. */
export interface PolicyReport {
  readonly id: string | undefined;
  /** Where in the file, e.g. `document 2` or `entry[0]`; empty when it is all of it. */
  readonly place: string;
  readonly outcome: Outcome;
  /** Why it would not be accepted, besides the tests. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly Warning[];
  readonly tests: readonly TestReport[];
  /** What of it has not been tried, and why; `undefined` when all has. */
  readonly untried: string | undefined;
}

/** One file. */
export interface FileReport {
  readonly path: string;
  /** What keeps it, or parts of it, from being read; each fails. */
  readonly problems: readonly string[];
  readonly policies: readonly PolicyReport[];
  /** Resources of other types, which are not looked at. */
  readonly passedOver: readonly string[];
}

/** How many there are of something, by what came of them. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
}

/** All that was tested. */
export interface Report {
  readonly files: readonly FileReport[];
  /** Whether warnings, and what was not run, fail. */
  readonly isStrict: boolean;
  readonly isPassed: boolean;
  readonly policies: Counts;
  readonly tests: Counts;
  readonly problems: number;
  readonly warnings: number;
  /** Valid policies that bring no tests. */
  readonly untested: number;
}

/** Draws up what came of the files. */
export function reportOf(files: readonly FileReport[], isStrict: boolean): Report {
  const policies = files.flatMap((file) => file.policies);
  const tests = policies.flatMap((policy) => policy.tests);
  const problems = sum(files, ({ problems: found }) => found.length);
  const counts = countsOf(policies);
  return {
    files,
    isStrict,
    isPassed: problems === 0 && counts.failed === 0,
    policies: counts,
    tests: countsOf(tests),
    problems,
    warnings: sum(policies, ({ warnings }) => warnings.length),
    untested: policies.filter(({ tests: own, issues }) => own.length + issues.length === 0).length,
  };
}

function countsOf(tried: readonly { readonly outcome: Outcome }[]): Counts {
  const count = (outcome: Outcome) => tried.filter((one) => one.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), notRun: count('not-run') };
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
