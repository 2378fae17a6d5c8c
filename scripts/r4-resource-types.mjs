// Writes src/fhir/r4-resource-types.ts from the official R4 definitions:
//   node scripts/r4-resource-types.mjs <folder with profiles-resources.json>
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

const TARGET = fileURLToPath(new URL('../src/fhir/r4-resource-types.ts', import.meta.url));
const FHIR_VERSION = '4.0.1';
const WIDTH = 92;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder that holds the definitions');

function resources(file) {
  return JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')).entry.map((entry) => entry.resource);
}

/** Concrete types of 4.0.1; the published file also carries one that later versions added. */
const definitions = resources('profiles-resources.json').filter(
  ({ kind, abstract, fhirVersion }) =>
    kind === 'resource' && abstract === false && fhirVersion === FHIR_VERSION,
);

function lines(names) {
  return names.reduce((text, name) => {
    const last = text.slice(text.lastIndexOf('\n') + 1);
    return last.length + name.length < WIDTH ? `${text} ${name}` : `${text}\n    ${name}`;
  });
}

const names = definitions.map(({ id }) => id).sort();

const source = `// Written by scripts/r4-resource-types.mjs from the definitions of FHIR R4 (4.0.1), published by
// HL7 under CC0 "No Rights Reserved". Not to be edited by hand.

/** The names of the concrete R4 resource types. */
export const R4_TYPES = \`
    ${lines(names)}\`;
`;

writeFileSync(TARGET, await format(source, { ...(await resolveConfig(TARGET)), filepath: TARGET }));
