// Writes the table of docs/operations.md from the routes as the controllers declare them. Needs a build.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { operationsOf, operationsTable } from '../dist/src/access/designing/operations.js';
import { registeredRoutes } from '../dist/src/access/routes/registered-routes.js';
import { controllersOf } from '../dist/src/app.controllers.js';
import { AppModule } from '../dist/src/app.module.js';
import { readConfig } from '../dist/src/config/read-config.js';

const BEGIN = '<!-- begin: written by npm run docs:operations -->';
const END = '<!-- end -->';

const app = AppModule.configure(readConfig({}), { url: 'postgres://localhost/none' });
const table = operationsTable(operationsOf(registeredRoutes(controllersOf(app))));

const path = join(import.meta.dirname, '../docs/operations.md');
const page = readFileSync(path, 'utf8');
const begin = page.indexOf(BEGIN);
const end = page.indexOf(END);
if (begin < 0 || end < begin) throw new Error(`${path} lacks the marks ${BEGIN} and ${END}`);

const head = page.slice(0, begin + BEGIN.length);
writeFileSync(path, `${head}\n\n${table}\n\n${page.slice(end)}`);
