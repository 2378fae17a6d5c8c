import { isArray, own, type Json, type JsonObject } from '../json.js';

/** Segments of a `.path` into the request object; a segment may contain `/`. */
export type RequestPath = readonly string[];

/** The segments of `.path.to.value`; `undefined` when one is empty. */
export function parseRequestPath(text: string): RequestPath | undefined {
  const segments = text.slice(1).split('.');
  return text.startsWith('.') && segments.every((segment) => segment !== '') ? segments : undefined;
}

/**
 * The value at a path; numeric segments index arrays, names are own properties only.
 *
 * @returns `undefined` when the path leads nowhere, which an empty value counts as.
 */
export function valueAt(context: JsonObject, path: RequestPath): Json | undefined {
  let value: Json | undefined = context;
  for (const segment of path) {
    value = isArray(value) ? elementAt(value, segment) : own(value, segment);
  }
  return isEmpty(value) ? undefined : value;
}

function elementAt(array: readonly Json[], segment: string): Json | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(segment) ? array[Number(segment)] : undefined;
}

// What is removed from a request before policies see it must not count in other contexts either.
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
