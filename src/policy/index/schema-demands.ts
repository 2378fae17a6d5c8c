import { isArray, isObject, own, type Json, type JsonObject } from '../json.js';
import { demandAt, type Demand } from './demand.js';
import { isScalar } from './feature.js';

/**
 * The equalities that a draft-07 schema demands of the request object: `const` and `enum` of properties
 * that are required, where the schema can only be met by an object.
 */
export function demandsOfSchema(schema: JsonObject | boolean): Demand[] {
  return demandsBelow(schema, [], true);
}

/** @param isObjectAnyway whether the value is an object whatever the schema says of its type */
function demandsBelow(
  schema: Json | undefined,
  path: readonly string[],
  isObjectAnyway: boolean,
): Demand[] {
  // What stands beside a reference has no effect (draft-07 §8.3).
  if (!isObject(schema) || Object.hasOwn(schema, '$ref')) return [];
  const allOf = own(schema, 'allOf');
  const parts = isArray(allOf)
    ? allOf.flatMap((part) => demandsBelow(part, path, isObjectAnyway))
    : [];
  const isObjectOnly = isObjectAnyway || own(schema, 'type') === 'object';
  return [...parts, ...(isObjectOnly ? demandsOfMembers(schema, path) : [])];
}

function demandsOfMembers(schema: JsonObject, path: readonly string[]): Demand[] {
  const required = own(schema, 'required');
  if (!isArray(required)) return [];
  return required.flatMap((name) => {
    if (typeof name !== 'string') return [];
    const member = own(own(schema, 'properties'), name);
    return demandsOfMember(member, [...path, name]);
  });
}

function demandsOfMember(schema: Json | undefined, path: readonly string[]): Demand[] {
  if (!isObject(schema) || Object.hasOwn(schema, '$ref')) return [];
  const constant = own(schema, 'const');
  const listed = own(schema, 'enum');
  return [
    ...(isScalar(constant) ? demandAt(path, [constant]) : []),
    ...(isArray(listed) ? demandAt(path, listed) : []),
    ...demandsBelow(schema, path, false),
  ];
}
