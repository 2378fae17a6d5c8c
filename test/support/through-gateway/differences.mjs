import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is to differ where the end-to-end tests go through a gateway.
 *
 * @typedef {object} Differences
 * @property {readonly { why: string, specs: readonly string[] }[]} leftOut specs that are not run; `*` stands
 *   for any text
 * @property {readonly { why: string, tests: Readonly<Record<string, Readonly<Record<string, string>>>> }[]} differ
 *   by spec, the full name of each test that is to fail, and a part of what it fails with
 *
 * @type {Differences}
 */
export const DIFFERENCES = JSON.parse(
  readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'),
);

/**
 * The tests of a spec that are to fail: full name → a part of what they fail with.
 *
 * @param {string} spec name of the file without `.e2e-spec.ts`
 * @returns {ReadonlyMap<string, string>}
 */
export function differencesIn(spec) {
  return new Map(
    DIFFERENCES.differ.flatMap(({ tests }) =>
      Object.hasOwn(tests, spec) ? Object.entries(tests[spec]) : [],
    ),
  );
}
