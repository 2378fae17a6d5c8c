import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Constraint } from '../definitions/type-definition.js';
import { coreType } from './profile-claims.js';
import {
  UnusableProfile,
  type ProfiledType,
  type ProfileNode,
  type Slicing,
} from './profile-node.js';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
/** Those of R4 that a snapshot repeats at every element; resources have been compared with them. */
const REPEATED = /^(?:ele|ext|dom|txt)-\d$/;
/** What R4 lets an element definition say of values, and is not looked at here. */
const UNSUPPORTED = /^(?:minValue|maxValue)[A-Z]/;

/** Types, constraints and the like of one element, each of which is looked at for each value. */
const MAX_ITEMS = 500;
const MAX_PATH_LENGTH = 1_000;

/**
 * Takes over what an element definition says (FHIR R4, ElementDefinition).
 *
 * @throws UnusableProfile where it says too much
 */
export function readElement(element: JsonObject, node: ProfileNode): void {
  node.min = differing(element, 'min', node.min);
  node.max = differing(element, 'max', node.max);
  const types = typesOf(element);
  if (types.length > 0) node.types = types;
  for (const [key, value] of Object.entries(element)) {
    if (/^fixed[A-Z]/.test(key)) node.fixed = value;
    else if (/^pattern[A-Z]/.test(key)) node.pattern = value;
    else if (UNSUPPORTED.test(key)) leaveOut(key, node);
  }
  const binding = bindingOf(element);
  if (binding !== undefined) node.binding = binding;
  const { maxLength } = element;
  if (typeof maxLength === 'number') node.maxLength = maxLength;
  node.constraints = bounded([...node.constraints, ...constraintsOf(element)]);
  const slicing = slicingOf(element);
  if (slicing) node.slicing = slicing;
}

function leaveOut(what: string, { unsupported }: ProfileNode): void {
  if (!unsupported.includes(what)) unsupported.push(what);
}

/** Snapshots repeat what R4 says; that has been looked at, and says nothing of a slice. */
function differing(element: JsonObject, name: 'min' | 'max', otherwise: number): number {
  const said = element[name];
  if (said === undefined) return otherwise;
  const { base, sliceName } = element;
  if (sliceName === undefined && isJsonObject(base) && base[name] === said) return otherwise;
  return said === '*' ? Infinity : Number(said);
}

/** Types matter where there is a choice, where they are profiled, and of references. */
function typesOf(element: JsonObject): readonly ProfiledType[] {
  const types = objectsIn(element['type']).map((type) => ({
    code: textOf(type, 'code'),
    profiles: profilesOf(type['profile']),
    targets: textsIn(type['targetProfile']),
  }));
  const isChoice = textOf(element, 'path').endsWith('[x]');
  const isTold = types.some(({ profiles, targets }) => profiles.length + targets.length > 0);
  return isChoice || isTold ? types : [];
}

/** Those of R4 itself are what its types are. */
function profilesOf(value: Json | undefined): readonly string[] {
  return textsIn(value).filter((url) => coreType(url) === undefined);
}

function bindingOf(element: JsonObject): string | undefined {
  const { binding } = element;
  if (!isJsonObject(binding) || binding['strength'] !== 'required') return undefined;
  const valueSet = textOf(binding, 'valueSet');
  return valueSet === '' ? undefined : valueSet;
}

function constraintsOf(element: JsonObject): readonly Constraint[] {
  return objectsIn(element['constraint'])
    .filter((constraint) => !textOf(constraint, 'source').startsWith(CORE))
    .filter((constraint) => !REPEATED.test(textOf(constraint, 'key')))
    .filter((constraint) => textOf(constraint, 'expression') !== '')
    .map((constraint) => ({
      key: textOf(constraint, 'key'),
      severity: constraint['severity'] === 'warning' ? 'warning' : 'error',
      human: textOf(constraint, 'human'),
      expression: textOf(constraint, 'expression'),
    }));
}

function slicingOf(element: JsonObject): Slicing | undefined {
  const { slicing } = element;
  if (!isJsonObject(slicing)) return undefined;
  const rules = textOf(slicing, 'rules');
  return {
    discriminators: objectsIn(slicing['discriminator']).map((discriminator) => ({
      type: textOf(discriminator, 'type'),
      path: pathOf(discriminator),
    })),
    isClosed: rules === 'closed',
    isOpenAtEnd: rules === 'openAtEnd',
    isOrdered: slicing['ordered'] === true,
  };
}

function pathOf(discriminator: JsonObject): string {
  const path = textOf(discriminator, 'path');
  if (path.length <= MAX_PATH_LENGTH) return path;
  throw new UnusableProfile('has a discriminator with too long a path');
}

function bounded<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length <= MAX_ITEMS) return items;
  throw new UnusableProfile(`says more than ${MAX_ITEMS} things of one kind of an element`);
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? bounded((value as readonly Json[]).filter(isJsonObject)) : [];
}

function textsIn(value: Json | undefined): readonly string[] {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  return bounded(items.filter((item) => typeof item === 'string'));
}

function textOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}
