// Writes the lists of docs/testing.md from what is to differ when the end-to-end tests go through a gateway.
// With --check it writes nothing, and fails where the page says something else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DIFFERENCES } from '../test/support/through-gateway/differences.mjs';

const BEGIN = '<!-- begin: written by npm run docs:gateway -->';
const END = '<!-- end -->';

const path = join(import.meta.dirname, '../docs/testing.md');
const page = readFileSync(path, 'utf8');
const begin = page.indexOf(BEGIN);
const end = page.indexOf(END);
if (begin < 0 || end < begin) throw new Error(`${path} lacks the marks ${BEGIN} and ${END}`);

const head = page.slice(0, begin + BEGIN.length);
const written = `${head}\n\n${lists()}\n\n${page.slice(end)}`;
if (!process.argv.includes('--check')) writeFileSync(path, written);
else if (written !== page) throw new Error(`${path} is not up to date: npm run docs:gateway`);

function lists() {
  const differ = DIFFERENCES.differ.flatMap(({ why, tests }) => [
    `- ${why}`,
    ...Object.entries(tests).map(
      ([spec, failures]) => `  - \`${spec}\`: ${Object.keys(failures).map(code).join('; ')}`,
    ),
  ]);
  const leftOut = DIFFERENCES.leftOut.map(
    ({ why, specs }) => `- ${specs.map(code).join(', ')}: ${why}`,
  );
  const count = DIFFERENCES.differ
    .flatMap(({ tests }) => Object.values(tests))
    .reduce((sum, failures) => sum + Object.keys(failures).length, 0);
  return [
    `These ${count} tests fail there, and are to fail:`,
    '',
    ...differ,
    '',
    'These specs are left out:',
    '',
    ...leftOut,
  ].join('\n');
}

/** A name may have backticks of its own. */
function code(name) {
  const fence = name.includes('`') ? '``' : '`';
  return `${fence}${name}${fence}`;
}
