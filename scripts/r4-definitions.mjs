// Writes definitions/r4 from the official R4 definitions:
//   node scripts/r4-definitions.mjs <folder with profiles-types.json, profiles-resources.json,
//     dataelements.json, valuesets.json, v3-codesystems.json>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { corrected, CORRECTED_ELEMENTS } from './r4-corrections.mjs';
import { expandedValueSets } from './r4-value-sets.mjs';

const TARGET = fileURLToPath(new URL('../definitions/r4/', import.meta.url));
const FHIR_VERSION = '4.0.1';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const FHIR_TYPE = `${CORE}structuredefinition-fhir-type`;
const BEST_PRACTICE = `${CORE}elementdefinition-bestpractice`;

/** Characters of a path; an element with a longer one has no definition of its own, as ids are short. */
const LONGEST_PUBLISHED = 61;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder that holds the definitions');

function resources(file) {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')).entry.map((entry) => entry.resource);
}

const definitions = [...resources('profiles-types.json'), ...resources('profiles-resources.json')]
  .filter(({ resourceType }) => resourceType === 'StructureDefinition')
  .filter(({ fhirVersion, kind }) => fhirVersion === FHIR_VERSION && kind !== 'logical');

/**
 * Every element of a resource as a definition of its own. Where a distribution has changed the
 * resources, these still say what R4 says.
 */
const published = new Map(
  resources('dataelements.json').flatMap(({ snapshot }) =>
    snapshot.element
      .filter(({ path }) => path.includes('.'))
      .map((element) => [element.path, element]),
  ),
);

function nameOf(canonical) {
  return canonical?.startsWith(CORE) ? canonical.slice(CORE.length) : canonical;
}

function codeOf({ code, extension = [] }, path) {
  if (path === 'Resource.id') return 'id';
  return extension.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? code;
}

function typeOf(type, path) {
  const code = codeOf(type, path).replace('http://hl7.org/fhirpath/System.String', 'string');
  const targets = (type.targetProfile ?? []).map(nameOf);
  const [profile] = (type.profile ?? []).map(nameOf);
  if (code === 'Reference' && !targets.includes('Resource') && targets.length > 0) {
    return { code, targets };
  }
  return profile === undefined ? code : { code, profile };
}

function constraintOf({ key, severity, human, expression, extension = [] }) {
  const isBestPractice = extension.some(({ url }) => url === BEST_PRACTICE);
  return corrected({
    key,
    severity,
    human,
    expression,
    ...(isBestPractice ? { isBestPractice } : {}),
  });
}

/** Without those that a type brings to every element that has it. */
function constraintsOf({ constraint = [] }, { url }) {
  const own = constraint
    .filter(({ source }) => source === undefined || source === url)
    .map(constraintOf)
    .filter((each) => each !== undefined);
  return own.length === 0 ? {} : { constraints: own };
}

function elementOf(element, definition) {
  const { path, min, max, type = [], contentReference, binding } = element;
  const valueSet = binding?.strength === 'required' ? binding.valueSet?.split('|')[0] : undefined;
  return {
    path: path.slice(definition.type.length + 1),
    ...(min > 0 ? { min } : {}),
    ...(max === '1' ? {} : { max }),
    ...(contentReference
      ? { content: contentReference.slice(contentReference.indexOf('.') + 1) }
      : {}),
    ...(type.length > 0 ? { types: type.map((each) => typeOf(each, path)) } : {}),
    ...(valueSet === undefined ? {} : { binding: valueSet }),
    ...constraintsOf(element, definition),
  };
}

/** Those of the base type are found there; each backbone element has its own from its type. */
function isInherited({ path, base }) {
  if (/\.(id|extension|modifierExtension)$/.test(path) && path.split('.').length > 2) return true;
  return base !== undefined && base.path !== path;
}

function isBackboneOrLong(path, isBackbone) {
  return isBackbone(path) || (path.length > LONGEST_PUBLISHED && path.split('.').length > 3);
}

/** What R4 says; elements that it does not know are dropped, those that were dropped come back. */
function elementsOf({ kind, type, name, snapshot }) {
  const listed = snapshot.element.slice(1).filter((element) => !isInherited(element));
  if (kind !== 'resource' || ['Resource', 'DomainResource'].includes(name)) return listed;
  const paths = [...published.keys()].filter((path) => path.startsWith(`${type}.`));
  const isBackbone = (path) => paths.some((leaf) => leaf.startsWith(`${path}.`));
  const isKept = ({ path, contentReference }) => {
    if (published.has(path) || isBackbone(path)) return true;
    const mayBeUnpublished = contentReference !== undefined || path.length > LONGEST_PUBLISHED;
    return mayBeUnpublished && isBackboneOrLong(path.slice(0, path.lastIndexOf('.')), isBackbone);
  };
  const kept = listed
    .filter(isKept)
    .map((element) => ({ ...element, ...published.get(element.path), base: element.base }));
  const known = new Set(snapshot.element.map(({ path }) => path));
  return [...kept, ...paths.filter((path) => !known.has(path)).map((path) => published.get(path))];
}

function lineOf(definition) {
  const { name, kind, abstract, baseDefinition } = definition;
  const elements = kind === 'primitive-type' ? [] : elementsOf(definition);
  return {
    name,
    kind: kind === 'primitive-type' ? 'primitive' : kind === 'resource' ? 'resource' : 'complex',
    ...(abstract ? { abstract } : {}),
    ...(baseDefinition === undefined ? {} : { base: nameOf(baseDefinition) }),
    ...constraintsOf(definition.snapshot.element[0], definition),
    elements: elements.map((element) => ({
      ...elementOf(element, definition),
      ...CORRECTED_ELEMENTS[element.path],
    })),
  };
}

function write(file, values) {
  writeFileSync(join(TARGET, file), values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

const types = definitions.map(lineOf).sort((a, b) => (a.name < b.name ? -1 : 1));
const bound = new Set(
  types.flatMap(({ elements }) => elements.flatMap(({ binding }) => binding ?? [])),
);
const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(resources);

write('types.ndjson', types);
write('value-sets.ndjson', expandedValueSets([...bound].sort(), terminology));
