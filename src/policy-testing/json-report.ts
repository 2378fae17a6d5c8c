import type { Report } from './report.js';

/** The report for programs; its members are described in docs/testing-policies.md. */
export function jsonReport(report: Report): string {
  const { files, isPassed, isStrict, policies, tests, problems, warnings, untested } = report;
  const summary = { policies, tests, problems, warnings, untested };
  return `${JSON.stringify({ passed: isPassed, strict: isStrict, summary, files }, undefined, 2)}\n`;
}
