import { type ExactJson, type ExactObject, isExactObject } from '../formats/exact-json.js';

/** Applies a merge patch (RFC 7396 §2): `null` removes, objects merge, anything else replaces. */
export function applyMergePatch(target: ExactJson | undefined, patch: ExactJson): ExactJson {
  if (!isExactObject(patch)) return patch;
  const merged: ExactObject = isExactObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = applyMergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}
