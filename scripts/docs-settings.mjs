// Writes the tables of docs/settings.md from the settings as they are declared. Needs a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { settingsTable } from '../dist/src/config/settings-table.js';

const BEGIN = '<!-- begin: written by npm run docs:settings -->';
const END = '<!-- end -->';

const path = join(import.meta.dirname, '../docs/settings.md');
const page = readFileSync(path, 'utf8');
const begin = page.indexOf(BEGIN);
const end = page.indexOf(END);
if (begin < 0 || end < begin) throw new Error(`${path} lacks the marks ${BEGIN} and ${END}`);

const head = page.slice(0, begin + BEGIN.length);
writeFileSync(path, `${head}\n\n${settingsTable()}\n\n${page.slice(end)}`);
