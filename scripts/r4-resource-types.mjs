// Writes src/fhir/r4-resource-types.ts from the official R4 definitions:
//   node scripts/r4-resource-types.mjs <folder with profiles-resources.json and search-parameters.json>
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

/** Element paths that the search parameter `identifier` of any type looks at. */
const searched = resources('search-parameters.json')
  .filter(({ code, type }) => code === 'identifier' && type === 'token')
  .flatMap(({ expression }) => expression.split('|').map((path) => path.trim()));

function shapesOf({ id, snapshot }) {
  return searched
    .filter((path) => path.startsWith(`${id}.`))
    .map((path) => {
      const { max } = snapshot.element.find((element) => element.path === path);
      return `${path.slice(id.length + 1)}${max === '1' ? '' : '[]'}`;
    })
    .join(' ');
}

function lines(names) {
  return names.reduce((text, name) => {
    const last = text.slice(text.lastIndexOf('\n') + 1);
    return last.length + name.length < WIDTH ? `${text} ${name}` : `${text}\n    ${name}`;
  });
}

const byShape = new Map();
for (const definition of definitions) {
  const shapes = shapesOf(definition);
  byShape.set(shapes, [...(byShape.get(shapes) ?? []), definition]);
}
const members = [...byShape].sort().map(([shapes, types]) => {
  const names = types.map(({ id }) => id).sort();
  return `  '${shapes}': \`\n    ${lines(names)}\`,\n`;
});

const source = `// Written by scripts/r4-resource-types.mjs from the definitions of FHIR R4 (4.0.1), published by
// HL7 under CC0 "No Rights Reserved". Not to be edited by hand.

/**
 * The names of the concrete R4 resource types, by the elements that their search parameter
 * \`identifier\` looks at; \`[]\` marks those that repeat. Types under the empty key lack the parameter.
 */
export const R4_TYPES_BY_IDENTIFIER: Readonly<Record<string, string>> = {
${members.join('')}};
`;

writeFileSync(TARGET, await format(source, { ...(await resolveConfig(TARGET)), filepath: TARGET }));
