import type { Issue } from '../errors/fhir-error.js';
import { printable } from '../command-line/printable.js';
import type { Counts, FileReport, Outcome, PolicyReport, Report, TestReport } from './report.js';

const WORDS: Readonly<Record<Outcome, string>> = {
  passed: 'ok      ',
  failed: 'FAILED  ',
  'not-run': 'not run ',
};

/** The report for people: a line for every file, policy and test, with what is wrong below. */
export function textReport(report: Report): string {
  const lines = report.files.flatMap(fileLines);
  return [...lines, '', ...summaryLines(report), ''].map(printable).join('\n');
}

function fileLines({ path, problems, policies, passedOver }: FileReport): readonly string[] {
  if (problems.length + policies.length === 0) return [];
  return [
    `File ${path}`,
    ...problems.map((problem) => `  ${WORDS.failed}${problem}`),
    ...policies.flatMap(policyLines),
    ...(passedOver.length > 0 ? [`  Passed over, as no policies: ${passedOver.join(', ')}`] : []),
  ];
}

function policyLines(policy: PolicyReport): readonly string[] {
  const { outcome, issues, tests, warnings, untried } = policy;
  const none = tests.length === 0 && issues.length === 0 && untried === undefined;
  return [
    `  ${WORDS[outcome]}${titleOf(policy)}${none ? ': no tests' : ''}`,
    ...issues.map((issue) => `      ${issueText(issue)}`),
    ...(untried === undefined ? [] : [`      ${untried}`]),
    ...tests.flatMap(testLines),
    ...warnings.map(({ code, message }) => `      warning ${code}: ${message}`),
  ];
}

function titleOf({ id, place }: PolicyReport): string {
  if (id === undefined) return place === '' ? 'a policy without id' : `${place}, without id`;
  return place === '' ? id : `${id} (${place})`;
}

function testLines({ name, outcome, issues }: TestReport): readonly string[] {
  return [
    `    ${WORDS[outcome]}${JSON.stringify(name)}`,
    ...issues.map((issue) => `          ${issueText(issue)}`),
  ];
}

function issueText({ expression, diagnostics }: Issue): string {
  return expression === undefined ? diagnostics : `${expression}: ${diagnostics}`;
}

function summaryLines(report: Report): readonly string[] {
  const { policies, tests, problems, warnings, untested, isStrict } = report;
  const notes = [
    ...(problems > 0 ? [`${problems} could not be read`] : []),
    ...(untested > 0 ? [`${untested} policies have no tests`] : []),
    ...(warnings > 0 ? [`${warnings} warnings${isStrict ? ', which fail here' : ''}`] : []),
  ];
  return [
    `Policies: ${countsText(policies)}`,
    `Tests:    ${countsText(tests)}`,
    ...(notes.length > 0 ? [`Besides:  ${notes.join('; ')}`] : []),
    report.isPassed ? 'Passed' : 'Failed',
  ];
}

function countsText({ passed, failed, notRun }: Counts): string {
  return `${passed} passed, ${failed} failed, ${notRun} not run`;
}
