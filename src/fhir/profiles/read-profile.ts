import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { ElementTree } from './element-tree.js';
import { coreType } from './profile-claims.js';
import { UnusableProfile, type Profile } from './profile-node.js';

/** The largest profiles of published guides have some 400. */
const MAX_ELEMENTS = 5_000;

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
  const tree = new ElementTree(type);
  for (const element of elements) tree.place(element);
  const base = textOf(definition, 'baseDefinition');
  const isWhole = snapshot.length > 0 || base === '' || coreType(base) !== undefined;
  return { url, type, root: tree.whole, ...(isWhole ? {} : { base }) };
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
