import { isObject, own, ownString, type Json, type JsonObject } from './json.js';
import { keyCount, type Work } from './key-count.js';

/** What a reference names; versions, types and display texts are no part of it. */
export type ReferenceTarget =
  | { readonly resourceType: string; readonly id: string }
  | { readonly uri: string }
  | { readonly localRef: string };

/** Longer texts are no references. */
export const MAX_REFERENCE = 2_048;

const RELATIVE =
  /^\/?([A-Z][A-Za-z]{0,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

const REFERENCE_KEYS: ReadonlySet<string> = new Set([
  'reference',
  'resourceType',
  'id',
  'type',
  'display',
  'identifier',
  'extension',
]);

/** Far more than a reference has, each with its extensions: a caller may send any number of names with `_`. */
const MAX_KEYS = 64;

/**
 * The target of a reference in any of its forms: `{reference}`, `{resourceType, id}` or a string.
 *
 * @returns `undefined` for everything else: a whole resource, two forms that disagree, no target.
 */
export function parseReference(value: Json | undefined, work?: Work): ReferenceTarget | undefined {
  if (typeof value === 'string') return parseReferenceString(value);
  if (!isObject(value) || !isReferenceShaped(value, work)) return undefined;
  const byString = parseReferenceString(ownString(value, 'reference'));
  const resourceType = ownString(value, 'resourceType');
  const id = ownString(value, 'id');
  // Beside a FHIR `reference`, a lone `id` is that of the element, not of the target.
  if (resourceType === undefined) return byString;
  if (id === undefined) return undefined;
  if (own(value, 'reference') === undefined) return { resourceType, id };
  return byString && sameTarget(byString, { resourceType, id }) ? byString : undefined;
}

/** Whether two targets are the same resource. */
export function sameTarget(one: ReferenceTarget, other: ReferenceTarget): boolean {
  if ('resourceType' in one && 'resourceType' in other) {
    return one.resourceType === other.resourceType && one.id === other.id;
  }
  if ('uri' in one && 'uri' in other) return one.uri === other.uri;
  return 'localRef' in one && 'localRef' in other && one.localRef === other.localRef;
}

function isReferenceShaped(value: JsonObject, work: Work | undefined): boolean {
  if (own(value, 'reference') === undefined && own(value, 'resourceType') === undefined) {
    return false;
  }
  if (keyCount(value, work) > MAX_KEYS) return false;
  return Object.keys(value).every((key) => REFERENCE_KEYS.has(key) || key.startsWith('_'));
}

function parseReferenceString(text: string | undefined): ReferenceTarget | undefined {
  if (text === undefined || text.length > MAX_REFERENCE) return undefined;
  const [, resourceType, id] = RELATIVE.exec(text) ?? [];
  if (resourceType !== undefined && id !== undefined) return { resourceType, id };
  if (text.startsWith('#') && text.length > 1) return { localRef: text.slice(1) };
  return /^(?:https?:\/\/|urn:)\S+$/.test(text) ? { uri: text } : undefined;
}
