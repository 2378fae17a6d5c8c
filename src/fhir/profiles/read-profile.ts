import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { coreType } from './profile-claims.js';
import { readElement } from './read-element.js';
import { UnusableProfile, type Profile, type ProfileNode, type Slicing } from './profile-node.js';

/** The largest profiles of published guides have some 400. */
const MAX_ELEMENTS = 5_000;
const BY_URL: Slicing = {
  discriminators: [{ type: 'value', path: 'url' }],
  isClosed: false,
  isOpenAtEnd: false,
  isOrdered: false,
};

/**
 * Reads a profile. Where it has a snapshot that is all of it; else the differential is, on top of the profile
 * that it is based on.
 *
 * @param isType whether this server knows a type
 * @throws UnusableProfile
 */
export function readProfile(definition: JsonObject, isType: (name: string) => boolean): Profile {
  const url = textOf(definition, 'url');
  const type = textOf(definition, 'type').split('/').at(-1) ?? '';
  assertUsable(definition, type, isType);
  const snapshot = elementsOf(definition, 'snapshot');
  const elements = snapshot.length > 0 ? snapshot : elementsOf(definition, 'differential');
  if (elements.length === 0) throw new UnusableProfile('has neither snapshot nor differential');
  if (elements.length > MAX_ELEMENTS) {
    throw new UnusableProfile(`has more than ${MAX_ELEMENTS} elements`);
  }
  const root = emptyNode(type);
  for (const element of elements) place(root, element);
  const base = textOf(definition, 'baseDefinition');
  const isWhole = snapshot.length > 0 || base === '' || coreType(base) !== undefined;
  return { url, type, root, ...(isWhole ? {} : { base }) };
}

function assertUsable(
  definition: JsonObject,
  type: string,
  isType: (name: string) => boolean,
): void {
  const kind = textOf(definition, 'kind');
  if (kind !== 'resource' && kind !== 'complex-type') {
    throw new UnusableProfile(`is of kind ${kind}; only resource and complex-type work here`);
  }
  if (textOf(definition, 'derivation') !== 'constraint') {
    throw new UnusableProfile('defines a type; only what constrains one works here');
  }
  if (!isType(type))
    throw new UnusableProfile(`is of type ${type.slice(0, 64)}, which is not known`);
  const version = textOf(definition, 'fhirVersion');
  if (version !== '' && !version.startsWith('4.')) {
    throw new UnusableProfile(`is for FHIR ${version.slice(0, 20)}`);
  }
}

/** Puts what an element definition says where its id belongs in the tree. */
function place(root: ProfileNode, element: JsonObject): void {
  const [, ...segments] = idOf(element).split('.');
  let node = root;
  for (const segment of segments) node = descend(node, segment);
  readElement(element, node);
}

/** Ids say the slices on the way; of elements without slices the path says as much. */
function idOf(element: JsonObject): string {
  const id = textOf(element, 'id');
  if (id !== '') return id;
  const slice = textOf(element, 'sliceName');
  return slice === '' ? textOf(element, 'path') : `${textOf(element, 'path')}:${slice}`;
}

function descend(parent: ProfileNode, segment: string): ProfileNode {
  const colon = segment.indexOf(':');
  const name = (colon < 0 ? segment : segment.slice(0, colon)).replace(/\[x\]$/, '');
  const element = childOf(parent.children, name);
  if (colon < 0) return element;
  if (name === 'extension' || name === 'modifierExtension') element.slicing ??= BY_URL;
  return sliceOf(element, segment.slice(colon + 1));
}

function childOf(children: ProfileNode[], name: string): ProfileNode {
  const known = children.find((child) => child.name === name);
  if (known) return known;
  const child = emptyNode(name);
  children.push(child);
  return child;
}

function sliceOf(element: ProfileNode, sliceName: string): ProfileNode {
  const known = element.slices.find((slice) => slice.sliceName === sliceName);
  if (known) return known;
  const slice = { ...emptyNode(element.name), sliceName };
  if (sliceName.includes('/')) slice.unsupported.push(`the slice ${sliceName} within a slice`);
  element.slices.push(slice);
  return slice;
}

function emptyNode(name: string): ProfileNode {
  const lists = { types: [], constraints: [], children: [], slices: [], unsupported: [] };
  return { name, min: 0, max: Infinity, ...lists };
}

function elementsOf(
  definition: JsonObject,
  view: 'snapshot' | 'differential',
): readonly JsonObject[] {
  const part = definition[view];
  const elements = isJsonObject(part) ? part['element'] : undefined;
  return Array.isArray(elements) ? (elements as readonly Json[]).filter(isJsonObject) : [];
}

function textOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}
