// Prints `<passed> <failed>` of a report by `jest --json`. A skipped test counts as failed.
import { existsSync, readFileSync } from 'node:fs';

const [path, exitCode] = process.argv.slice(2);
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { testResults: [] };
const SKIPPED = new Set(['pending', 'todo', 'skipped', 'disabled']);

let passed = 0;
let failed = 0;
for (const suite of report.testResults) {
  for (const test of suite.assertionResults) {
    if (test.status === 'passed') passed += 1;
    else failed += 1;
    if (SKIPPED.has(test.status)) console.error(`Skipped: ${test.fullName} (${suite.name})`);
  }
  const isUnreported = suite.status === 'failed' && !suite.assertionResults.some(isFailure);
  if (isUnreported) failed += 1;
}
// Jest fails for reasons of its own too, such as a setup that throws.
if (exitCode !== '0' && failed === 0) failed = 1;
console.log(`${passed} ${failed}`);

function isFailure({ status }) {
  return status === 'failed';
}
