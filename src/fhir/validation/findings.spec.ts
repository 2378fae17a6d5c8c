import { Findings } from './findings.js';

/** Reports what the letters say: `w` a warning, `e` an error, each at a position of its own. */
function reported(kinds: string): Findings {
  const findings = new Findings('Patient');
  Array.from(kinds).forEach((kind, at) => {
    if (kind === 'e') findings.report('invariant', 'is wrong', `x${at}`);
    else findings.warn('invariant', 'may be wrong', `x${at}`);
  });
  return findings;
}

const shown = (kinds: string) =>
  reported(kinds).issues.map(({ severity, expression }) => `${severity} ${expression ?? ''}`);
const each = (severity: string, from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `${severity} Patient.x${from + at}`);

describe('Findings', () => {
  it('show twenty, and how many more there are', () => {
    expect(shown('w'.repeat(20))).toEqual(each('warning', 0, 20));
    expect(shown('w'.repeat(22))).toEqual([...each('warning', 0, 20), 'information ']);
    expect(reported('w'.repeat(22)).issues.at(-1)?.diagnostics).toContain('2 more');
  });

  it('show the error that comes after twenty warnings', () => {
    const findings = reported(`${'w'.repeat(20)}e`);

    expect(findings.hasErrors).toBe(true);
    expect(
      findings.issues.map(({ severity, expression }) => [severity, expression]),
    ).toContainEqual(['error', 'Patient.x20']);
    expect(findings.issues.at(-1)?.diagnostics).toContain('1 more');
  });

  it('keep the errors that came first', () => {
    expect(shown(`ew${'e'.repeat(20)}`)).toEqual([
      'error Patient.x0',
      ...each('error', 2, 19),
      'information ',
    ]);
  });
});
