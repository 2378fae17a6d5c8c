// Writes src/fhir/definitions/r4-search.json from the official R4 definitions:
//   node scripts/r4-search.mjs <folder with profiles-resources.json, profiles-types.json,
//                               search-parameters.json, valuesets.json, compartmentdefinition-*.json>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

const TARGET = fileURLToPath(new URL('../src/fhir/definitions/r4-search.json', import.meta.url));
const FHIR_VERSION = '4.0.1';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder that holds the definitions');

const read = (file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
const resources = (file) => read(file).entry.map(({ resource }) => resource);

/** What each kind of search parameter can be answered from; other types of an element are left out. */
const SEARCHABLE = {
  string: ['string', 'markdown', 'HumanName', 'Address'],
  token: [
    ...['code', 'boolean', 'string', 'id', 'uri', 'Coding', 'CodeableConcept', 'Identifier'],
    'ContactPoint',
  ],
  reference: ['Reference', 'canonical', 'uri', 'Resource'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  number: ['integer', 'positiveInt', 'unsignedInt', 'decimal'],
  quantity: [
    'Quantity',
    'Age',
    'Duration',
    'Count',
    'Distance',
    'SimpleQuantity',
    'Money',
    'Range',
  ],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
};

const structures = [
  ...resources('profiles-resources.json'),
  ...resources('profiles-types.json'),
].filter(({ resourceType, derivation }) => {
  return resourceType === 'StructureDefinition' && derivation !== 'constraint';
});
const elements = new Map(
  structures.flatMap(({ snapshot }) => (snapshot?.element ?? []).map((e) => [e.path, e])),
);
/** Concrete types of 4.0.1; the published file also carries one that later versions added. */
const types = structures
  .filter(({ kind, abstract, fhirVersion }) => {
    return kind === 'resource' && abstract === false && fhirVersion === FHIR_VERSION;
  })
  .map(({ id }) => id)
  .sort();
const parameters = resources('search-parameters.json').filter(
  ({ version }) => version === FHIR_VERSION,
);
const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]));
const valueSets = new Map(
  resources('valuesets.json')
    .filter(({ resourceType }) => resourceType === 'ValueSet')
    .map((valueSet) => [valueSet.url, valueSet]),
);

/** The element at `path.name`, with the types it may have and whether it is one of several. */
function elementAt(path, name) {
  const plain = elements.get(`${path}.${name}`);
  if (plain) return plain;
  const choice = elements.get(`${path}.${name}[x]`);
  if (choice) return { ...choice, isChoice: true };
  return undefined;
}

const typeCode = ({ code, extension }) =>
  extension?.find(({ url }) => url.endsWith('structuredefinition-fhir-type'))?.valueUrl ?? code;

const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Where the children of an element are described: its own path, another's, or that of its type. */
function childrenOf(element, type) {
  if (element.contentReference) return element.contentReference.slice(1);
  return ['BackboneElement', 'Element'].includes(type) ? element.path : type;
}

/** The system that the codes of an element are all from, when its binding says so. */
function impliedSystem({ binding }) {
  if (binding?.strength !== 'required') return undefined;
  const { include = [], exclude } = valueSets.get(binding.valueSet.split('|')[0])?.compose ?? {};
  const [only] = include;
  return include.length === 1 && !exclude && !only.valueSet ? only.system : undefined;
}

const STEP = /^([A-Za-z]+)(?:\[(\d)\])?(?:\.where\(([a-z]+)='([^']+)'\))?$/;

/** `a.b.where(c='d')` as its steps. */
function stepsOf(path) {
  return path
    .replace(/\.where\(([a-z]+)='([^']+)'\)/g, '{$1=$2}')
    .split('.')
    .map((text) => {
      const [, name, first, key, value] = STEP.exec(
        text.replace(/\{([a-z]+)=([^}]+)\}/, ".where($1='$2')"),
      );
      return {
        name,
        suffix: first === undefined ? (key ? `[${key}=${value}]` : '') : `[${first}]`,
      };
    });
}

/** Every way to follow the steps from a type, as `{path, element, type}`. */
function follow(base, steps, wanted) {
  let places = [{ at: base, path: [], element: undefined, type: base }];
  steps.forEach(({ name, suffix }, index) => {
    const isLast = index === steps.length - 1;
    places = places.flatMap(({ at, path }) => {
      const element = elementAt(at, name);
      if (!element) throw new Error(`${at} has no ${name}`);
      const codes = element.contentReference ? ['BackboneElement'] : element.type.map(typeCode);
      const chosen = isLast && wanted ? codes.filter((code) => wanted.includes(code)) : codes;
      return chosen.map((type) => {
        const property = element.isChoice ? `${name}${capitalized(type)}` : name;
        const next = [...path, `${property}${suffix}`];
        return { at: childrenOf(element, type), path: next, element, type };
      });
    });
  });
  return places;
}

const CAST = /^\((\S+) as (\w+)\)(?:\.(\w+))?$|^(\S+)\.as\((\w+)\)$/;
const TARGET_FILTER = /\.where\(resolve\(\) is (\w+)\)$/;
/** FHIRPath's names of types that R4 spells otherwise in places. */
const TYPE_NAMES = { DateTime: 'dateTime', Uri: 'uri', SimpleQuantity: 'Quantity' };

/** The paths of one branch of an expression, in the notation that `search-definitions.ts` reads. */
function pathsOf(type, kind, branch) {
  if (branch.includes('.exists()')) return [':Deceased'];
  const target = TARGET_FILTER.exec(branch)?.[1];
  const plain = branch.replace(TARGET_FILTER, '');
  const [, castPath, castType, below, asPath, asType] = CAST.exec(plain) ?? [];
  const cast = castType ?? asType;
  const path = (castPath ?? asPath ?? plain).replace(/^(Resource|DomainResource|[A-Z]\w+)\./, '');
  const wanted = cast === undefined ? undefined : [TYPE_NAMES[cast] ?? cast, cast];
  return follow(type, stepsOf(path), wanted)
    .flatMap((place) => (below ? childrenNamed(place, below) : [place]))
    .filter((leaf) => SEARCHABLE[kind].includes(leaf.type))
    .map((leaf) => notation(kind, leaf, target));
}

function childrenNamed({ at, path }, name) {
  const element = elementAt(at, name);
  return element.type.map((type) => ({ path: [...path, name], element, type: typeCode(type) }));
}

function notation(kind, { path, element, type }, target) {
  const system = kind === 'token' && type === 'code' ? impliedSystem(element) : undefined;
  return `${path.join('.')}:${type}${target ? `@${target}` : ''}${system ? `=${system}` : ''}`;
}

function branchesFor(type, { expression, base }) {
  const own = new RegExp(`^\\(?${type}\\.|^\\(?(Resource|DomainResource)\\.|^[a-z]`);
  return expression
    .split('|')
    .map((branch) => branch.trim())
    .filter((branch) => own.test(branch))
    .map((branch) => (base.length === 1 && /^[a-z]/.test(branch) ? `${type}.${branch}` : branch));
}

/** A component that looks at the whole resource is met anywhere in it: `^`. */
function componentOf(component) {
  const id = component.definition.slice(component.definition.lastIndexOf('/') + 1);
  const isWhole = component.expression.startsWith('%resource.');
  // The two components of DocumentReference's `relationship` name each other's definitions.
  const swapped = {
    'DocumentReference-relatesto': 'relation',
    'DocumentReference-relation': 'relatesto',
  };
  return `${isWhole ? '^' : ''}${swapped[id] ?? byId.get(id).code}`;
}

function definitionFor(type, parameter) {
  const { type: kind, component, target = [] } = parameter;
  if (kind === 'composite') {
    return { kind, components: component.map(componentOf) };
  }
  const paths = [...new Set(branchesFor(type, parameter).flatMap((b) => pathsOf(type, kind, b)))];
  if (paths.length === 0) throw new Error(`${type} ${parameter.code} looks at nothing`);
  if (kind !== 'reference') return { kind, paths };
  const targets = target.filter((name) => types.includes(name)).sort();
  const others = types.filter((name) => !targets.includes(name));
  // Definitions that take any type list all but those that nobody refers to.
  return { kind, paths, targets: others.length < 12 ? ['*'] : targets };
}

/** Answered from columns, or not at all. */
const APART = ['_id', '_lastUpdated', '_text', '_content', '_query'];

function parametersFor(type) {
  const own = parameters.filter(({ base, code, type: kind }) => {
    return base.includes(type) && !APART.includes(code) && kind !== 'special';
  });
  return Object.fromEntries(
    own
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map((parameter) => [parameter.code, definitionFor(type, parameter)]),
  );
}

/** Elements of a resource: `!` is mandatory, `*` part of the summary; children where the summary is not all. */
function elementsOf(type) {
  return [...elements.values()]
    .filter(({ path }) => path.startsWith(`${type}.`))
    .filter(({ path, isSummary }) => path.split('.').length === 2 || isSummary)
    .map(({ path, min, isSummary }) => {
      return `${path.slice(type.length + 1)}${min > 0 ? '!' : ''}${isSummary ? '*' : ''}`;
    })
    .join(' ');
}

function compartments() {
  const files = readdirSync(folder).filter((name) => /^compartmentdefinition-.*\.json$/.test(name));
  return Object.fromEntries(
    files.map(read).map(({ code, resource }) => [
      code,
      Object.fromEntries(
        resource
          .filter((member) => member.param && types.includes(member.code))
          // `{def}` says that the owner is in its own compartment, which is known of every one.
          .map(({ code: type, param }) => [type, param.filter((name) => name !== '{def}')])
          .filter(([, param]) => param.length > 0),
      ),
    ]),
  );
}

const definitions = {
  common: parametersFor('Resource'),
  types: Object.fromEntries(
    types.map((type) => [type, { elements: elementsOf(type), parameters: parametersFor(type) }]),
  ),
  compartments: compartments(),
};
const text = JSON.stringify(definitions);
writeFileSync(TARGET, await format(text, { ...(await resolveConfig(TARGET)), filepath: TARGET }));
