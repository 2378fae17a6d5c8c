import type { Json, JsonObject } from '../../policy/json.js';

/** Whether the object has this key itself; what it inherits does not count. */
export function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

/** The object's own member, undefined when there is none. */
export function at(object: JsonObject, key: string): Json | undefined {
  return has(object, key) ? object[key] : undefined;
}

/** Whether a value is a JSON object, neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member if it is an object, else an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = at(object, key);
  return isObject(value) ? value : {};
}

/** The member if it is an array, else an empty one. */
export function arrayAt(object: JsonObject, key: string): readonly Json[] {
  const value = at(object, key);
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The member if it is a string. */
export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = at(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** The member if it is a number. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = at(object, key);
  return typeof value === 'number' ? value : undefined;
}

/** The strings of a member that is an array, or the one string that it is; undefined for others. */
export function stringsAt(object: JsonObject, key: string): readonly string[] | undefined {
  const value = at(object, key);
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return (value as readonly Json[]).filter((entry) => typeof entry === 'string');
}

/** Whether a secret element is there, itself or as an external secret's extension on `_key`. */
export function isPresent(object: JsonObject, key: string): boolean {
  return has(object, key) || has(object, `_${key}`);
}
