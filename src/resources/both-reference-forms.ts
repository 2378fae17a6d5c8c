import { parseReference } from '../interactions/references/reference.js';
import { isArray, isObject, own, type Json, type JsonObject } from '../policy/json.js';

/**
 * A copy whose references at the given element paths offer `reference`, `resourceType` and `id`, for
 * policies (spec §7, request object). All three come from one parsed form, so they cannot disagree.
 */
export function withBothReferenceForms(resource: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce((copy, path) => objectAt(copy, path.split('.')), resource);
}

function objectAt(holder: JsonObject, [step = '', ...rest]: readonly string[]): JsonObject {
  const name = step.replace('[]', '');
  const value = own(holder, name);
  if (value === undefined) return holder;
  const replaced =
    step.endsWith('[]') && isArray(value)
      ? value.map((entry) => valueAt(entry, rest))
      : valueAt(value, rest);
  return { ...holder, [name]: replaced };
}

function valueAt(value: Json, rest: readonly string[]): Json {
  if (!isObject(value)) return value;
  return rest.length > 0 ? objectAt(value, rest) : inBothForms(value);
}

function inBothForms(reference: JsonObject): JsonObject {
  const target = parseReference(reference);
  if (target === undefined) return reference;
  const { resourceType, id } = target;
  return { ...reference, reference: `${resourceType}/${id}`, resourceType, id };
}
