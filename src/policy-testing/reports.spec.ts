import { jsonReport } from './json-report.js';
import { junitReport } from './junit-report.js';
import { reportOf, type FileReport, type PolicyReport } from './report.js';
import { textReport } from './text-report.js';

const POLICY: PolicyReport = {
  id: 'a',
  place: '',
  outcome: 'passed',
  issues: [],
  warnings: [],
  tests: [{ name: 'reads', expect: 'allow', outcome: 'passed', issues: [] }],
  untried: undefined,
};
const FAILING: PolicyReport = {
  ...POLICY,
  id: undefined,
  place: 'document 2',
  outcome: 'failed',
  issues: [{ code: 'value', diagnostics: 'is wrong', expression: 'AccessPolicy.link' }],
  warnings: [{ code: 'issuer-only', message: 'Any token.' }],
  tests: [
    {
      name: 'an "evil" <name> \u0007\u001b[31m\u202e\ud800',
      expect: 'allow',
      outcome: 'failed',
      issues: [{ code: 'value', diagnostics: 'at uri it wants & gets', expression: 'T[0]' }],
      mismatch: { path: ['uri'], expected: 'a', but: null },
    },
    { name: 'late', expect: 'deny', outcome: 'not-run', issues: [] },
  ],
};
const SQL: PolicyReport = {
  ...POLICY,
  id: 'sql',
  outcome: 'not-run',
  tests: [],
  untried: 'needs it',
};
const FILES: readonly FileReport[] = [
  { path: 'x/a.yaml', problems: [], policies: [POLICY, FAILING, SQL], passedOver: ['User/u'] },
  { path: 'b\n::error::.yaml', problems: ['cannot be read'], policies: [], passedOver: [] },
  { path: 'c.yaml', problems: [], policies: [], passedOver: ['User/v'] },
];
const report = reportOf(FILES, false);

describe('the text report', () => {
  it('has a line for everything, with what is wrong below', () => {
    expect(textReport(report).split('\n')).toEqual([
      'File x/a.yaml',
      '  ok      a',
      '    ok      "reads"',
      '  FAILED  document 2, without id',
      '      AccessPolicy.link: is wrong',
      String.raw`    FAILED  "an \"evil\" <name> \u0007\u001b[31m\u202e\ud800"`,
      '          T[0]: at uri it wants & gets',
      '    not run "late"',
      '      warning issuer-only: Any token.',
      '  not run sql',
      '      needs it',
      '  Passed over, as no policies: User/u',
      String.raw`File b\u000a::error::.yaml`,
      '  FAILED  cannot be read',
      '',
      'Policies: 1 passed, 1 failed, 1 not run',
      'Tests:    1 passed, 1 failed, 1 not run',
      'Besides:  1 could not be read; 1 policies have no tests; 1 warnings',
      'Failed',
      '',
    ]);
  });

  it('says that all passed', () => {
    const files = [{ path: 'a.yaml', problems: [], policies: [POLICY], passedOver: [] }];

    expect(textReport(reportOf(files, true))).toMatch(/\nPassed\n$/);
  });
});

describe('the JSON report', () => {
  it('has every member', () => {
    expect(JSON.parse(jsonReport(report))).toEqual(
      JSON.parse(
        JSON.stringify({
          passed: false,
          strict: false,
          summary: {
            policies: { passed: 1, failed: 1, notRun: 1 },
            tests: { passed: 1, failed: 1, notRun: 1 },
            problems: 1,
            warnings: 1,
            untested: 1,
          },
          files: FILES,
        }),
      ),
    );
  });
});

describe('the JUnit report', () => {
  const FIGURES = 'tests="7" failures="2" errors="1" skipped="2"';

  it('has a suite for each file and a case for each policy and test', () => {
    expect(junitReport(report).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="wardgate policies" ${FIGURES}>`,
      '  <testsuite name="x/a.yaml" tests="6" failures="2" errors="0" skipped="2">',
      '    <testcase classname="a" name="is valid"/>',
      '    <testcase classname="a" name="reads"/>',
      '    <testcase classname="document 2" name="is valid"><failure message="AccessPolicy.link: is wrong&#10;warning issuer-only: Any token."/></testcase>',
      '    <testcase classname="document 2" name="an &quot;evil&quot; &lt;name&gt; \ufffd\ufffd[31m\u202e\ufffd"><failure message="at uri it wants &amp; gets"/></testcase>',
      '    <testcase classname="document 2" name="late"><skipped message="The tests before it took too long"/></testcase>',
      '    <testcase classname="sql" name="is valid"><skipped message="needs it"/></testcase>',
      '  </testsuite>',
      '  <testsuite name="b&#10;::error::.yaml" tests="1" failures="0" errors="1" skipped="0">',
      '    <testcase classname="b&#10;::error::.yaml" name="can be read"><error message="cannot be read"/></testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });

  it('shows warnings, and fails for them only when it is strict', () => {
    const doubtful = { ...POLICY, warnings: FAILING.warnings, tests: [] };
    const files = [{ path: 'a.yaml', problems: [], policies: [doubtful, SQL], passedOver: [] }];

    expect(junitReport(reportOf(files, false))).toContain(
      'tests="2" failures="0" errors="0" skipped="1"',
    );
    expect(junitReport(reportOf(files, false))).toContain('<system-out>warning issuer-only');
    expect(junitReport(reportOf(files, true))).toContain(
      'tests="2" failures="2" errors="0" skipped="0"',
    );
  });
});
