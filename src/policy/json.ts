/** Any JSON value, as request data and resources are seen by the decision point. Never mutated. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; keys are its own properties only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Tells an object from arrays, scalars and absence. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells an array from everything else; `Array.isArray` loses the type of readonly arrays. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own property `key` of an object; `undefined` when there is none or the value is no object. */
export function own(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The own property `key` when it is a string. */
export function ownString(value: Json | undefined, key: string): string | undefined {
  const property = own(value, key);
  return typeof property === 'string' ? property : undefined;
}

/** Whether there is no value; JSON's `null` counts as none. */
export function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}
