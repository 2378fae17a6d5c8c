import type { ExactObject } from '../formats/exact-json.js';
import { isSameResource, namedResource, parseReference } from './reference.js';

/** The two ways to write a reference: `reference`, or `resourceType` and `id` (spec §1). */
export type ReferenceForm = 'fhir' | 'resource-type';

/** What became of a reference: itself if nothing had to change, or `undefined` if its forms disagree. */
export type Conversion = ExactObject | undefined;

const ELEMENTS: ReadonlySet<string> = new Set([
  ...['resourceType', 'id', 'reference', '_reference', 'type', '_type'],
  ...['identifier', 'display', '_display', 'extension'],
]);

/** Whether an object says `resourceType` and `id` and nothing that a reference could not say. */
export function looksLikeReference(value: ExactObject): boolean {
  const isReference = typeof value['reference'] === 'string' || namedResource(value) !== undefined;
  return isReference && Object.keys(value).every((key) => ELEMENTS.has(key));
}

/**
 * Writes one reference in the form asked for. What the other form cannot say keeps `reference`:
 * absolute URLs, `#local`, versions, and a reference that has an element id of its own.
 */
export function convertReference(value: ExactObject, form: ReferenceForm): Conversion {
  if (typeof value['reference'] !== 'string') {
    return form === 'fhir' ? toReference(value) : value;
  }
  if (value['resourceType'] !== undefined) return toOneForm(value, form);
  return form === 'resource-type' ? toResourceTypeAndId(value) : value;
}

function toReference(value: ExactObject): ExactObject {
  const named = namedResource(value);
  if (named === undefined) return value;
  const rest = without(value, 'resourceType', 'id');
  return { reference: `${named.resourceType}/${named.id}`, ...rest };
}

function toResourceTypeAndId(value: ExactObject): ExactObject {
  const target = parseReference(value['reference']);
  if (target === undefined || target.versionId !== undefined || Object.hasOwn(value, 'id')) {
    return value;
  }
  const { resourceType, id } = target;
  return { resourceType, id, ...without(value, 'reference') };
}

function toOneForm(value: ExactObject, form: ReferenceForm): Conversion {
  const target = parseReference(value['reference']);
  if (!isSameResource(target, namedResource(value))) return undefined;
  const referenceForm = without(value, 'resourceType', 'id');
  return form === 'fhir' ? referenceForm : toResourceTypeAndId(referenceForm);
}

function without(value: ExactObject, ...keys: readonly string[]): ExactObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
