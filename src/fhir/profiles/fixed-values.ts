import { isJsonObject, type Json } from '../../interactions/formats/json.js';

/** Whether a value is exactly another (FHIR R4, ElementDefinition.fixed[x]); members in any order. */
export function isFixed(value: Json, fixed: Json): boolean {
  if (Array.isArray(value) && Array.isArray(fixed)) {
    const [items, wanted] = [value as readonly Json[], fixed as readonly Json[]];
    return (
      items.length === wanted.length && items.every((item, at) => isFixed(item, wanted[at] ?? null))
    );
  }
  if (!isJsonObject(value) || !isJsonObject(fixed)) return value === fixed;
  const [given, wanted] = [Object.keys(value), Object.keys(fixed)];
  if (given.length !== wanted.length) return false;
  return wanted.every(
    (key) => Object.hasOwn(value, key) && isFixed(value[key] ?? null, fixed[key] ?? null),
  );
}

/**
 * Whether a value has at least what a pattern has (FHIR R4, ElementDefinition.pattern[x]): each member, and
 * of each array every item somewhere.
 */
export function hasPattern(value: Json, pattern: Json): boolean {
  if (Array.isArray(pattern)) {
    const items = Array.isArray(value) ? (value as readonly Json[]) : [];
    const wanted = pattern as readonly Json[];
    return wanted.every((each) => items.some((item) => hasPattern(item, each)));
  }
  if (!isJsonObject(pattern)) return value === pattern;
  if (!isJsonObject(value)) return false;
  return Object.keys(pattern).every(
    (key) => Object.hasOwn(value, key) && hasPattern(value[key] ?? null, pattern[key] ?? null),
  );
}
