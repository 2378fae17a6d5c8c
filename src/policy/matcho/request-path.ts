import { isArray, isObject, own, type Json, type JsonObject } from '../json.js';
import { keyCount, type Work } from '../key-count.js';

/** Segments of a `.path` into the request object; a segment may contain `/`. */
export type RequestPath = readonly string[];

/** The segments of a text that begins with a dot, like `.path.to.value`; `undefined` when one is empty. */
export function parseRequestPath(text: string): RequestPath | undefined {
  const segments = text.slice(1).split('.');
  return segments.every((segment) => segment !== '') ? segments : undefined;
}

/** Segments that are followed in the time of a unit of work. */
const SEGMENTS_PER_UNIT = 8;

/**
 * The value at a path; numeric segments index arrays, names are own properties only.
 *
 * @returns `undefined` when the path leads nowhere, which an empty value counts as.
 * @throws Undecidable or WorkSpent when the work does not suffice.
 */
export function valueAt(context: JsonObject, path: RequestPath, work?: Work): Json | undefined {
  work?.spend(path.length / SEGMENTS_PER_UNIT);
  let value: Json | undefined = context;
  for (const segment of path) {
    value = isArray(value) ? elementAt(value, segment) : own(value, segment);
  }
  return isEmpty(value, work) ? undefined : value;
}

function elementAt(array: readonly Json[], segment: string): Json | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(segment) ? array[Number(segment)] : undefined;
}

// What is removed from a request before policies see it must not count in other contexts either.
function isEmpty(value: Json | undefined, work?: Work): boolean {
  if (isArray(value)) return value.length === 0;
  if (isObject(value)) return keyCount(value, work) === 0;
  return value === undefined || value === null || value === '';
}
