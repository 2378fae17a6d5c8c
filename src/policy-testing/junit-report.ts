import type { FileReport, PolicyReport, Report, TestReport } from './report.js';

/** One `testcase`: the name of what was tried, and elements that say what came of it. */
interface Case {
  readonly classname: string;
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly words: string;
}

/** What XML 1.0 cannot hold, escaped or not. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * The report as CI systems read it: a suite for every file, in it a case for each policy and each of its
 * tests.
 */
export function junitReport(report: Report): string {
  const suites = report.files.map((file) => ({
    name: file.path,
    cases: casesOf(file, report.isStrict),
  }));
  const all = suites.flatMap(({ cases }) => cases);
  const body = suites
    .filter(({ cases }) => cases.length > 0)
    .map(
      ({ name, cases }) =>
        `  <testsuite name="${xml(name)}" ${totals(cases)}>\n${cases.map(caseXml).join('')}  </testsuite>\n`,
    );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="wardgate policies" ${totals(all)}>\n${body.join('')}</testsuites>\n`;
}

function casesOf({ path, problems, policies }: FileReport, isStrict: boolean): readonly Case[] {
  return [
    ...problems.map((words): Case => ({
      classname: path,
      name: 'can be read',
      kind: 'error',
      words,
    })),
    ...policies.flatMap((policy) => [
      caseOfPolicy(policy, isStrict),
      ...policy.tests.map((test) => caseOfTest(test, titleOf(policy))),
    ]),
  ];
}

function caseOfPolicy(policy: PolicyReport, isStrict: boolean): Case {
  const { issues, warnings, untried } = policy;
  const found = issues.map(({ expression, diagnostics }) =>
    expression === undefined ? diagnostics : `${expression}: ${diagnostics}`,
  );
  const doubts = [
    ...(untried === undefined ? [] : [untried]),
    ...warnings.map(({ code, message }) => `warning ${code}: ${message}`),
  ];
  const words = [...found, ...doubts].join('\n');
  const isFailed = found.length > 0 || (isStrict && doubts.length > 0);
  const otherwise = untried === undefined ? 'passed' : 'skipped';
  return {
    classname: titleOf(policy),
    name: 'is valid',
    kind: isFailed ? 'failure' : otherwise,
    words,
  };
}

function caseOfTest({ name, outcome, issues }: TestReport, classname: string): Case {
  const words = issues.map(({ diagnostics }) => diagnostics).join('\n');
  switch (outcome) {
    case 'passed':
      return { classname, name, kind: 'passed', words };
    case 'failed':
      return { classname, name, kind: 'failure', words };
    case 'not-run':
      return { classname, name, kind: 'skipped', words: 'The tests before it took too long' };
  }
}

function titleOf({ id, place }: PolicyReport): string {
  return id ?? (place === '' ? 'without id' : place);
}

function totals(cases: readonly Case[]): string {
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  const figures = { failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  const attributes = Object.entries({ tests: cases.length, ...figures });
  return attributes.map(([name, value]) => `${name}="${value}"`).join(' ');
}

function caseXml({ classname, name, kind, words }: Case): string {
  const open = `    <testcase classname="${xml(classname)}" name="${xml(name)}"`;
  if (kind === 'passed') {
    return words === ''
      ? `${open}/>\n`
      : `${open}><system-out>${xml(words)}</system-out></testcase>\n`;
  }
  return `${open}><${kind} message="${xml(words)}"/></testcase>\n`;
}

function xml(text: string): string {
  return text.replace(NO_XML, '\ufffd').replace(/[&<>"\t\n\r]/g, (one) => ENTITIES[one] ?? one);
}
