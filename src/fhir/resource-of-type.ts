import { BadRequest } from '../errors/fhir-error.js';
import { isJsonObject, type Json, type JsonObject } from '../interactions/formats/json.js';

/**
 * The resource in a body, of the type that the route takes.
 *
 * @throws BadRequest 400 for what is no object, and for another resource than the URL says: policies decide by
 * the URL, and some servers go by the body
 */
export function resourceOfType(value: Json, type: string): JsonObject {
  if (!isJsonObject(value)) {
    throw new BadRequest('The body must be a resource, an object', 'structure');
  }
  const given = own(value, 'resourceType');
  if (given === undefined) {
    throw new BadRequest(`resourceType is missing; it is ${type} here`, 'required', type);
  }
  if (given !== type) {
    throw new BadRequest(`This route takes ${type} resources`, 'value', 'resourceType');
  }
  return value;
}

/**
 * The id that the resource brings, if it brings one.
 *
 * @param id of the route
 * @throws BadRequest 400 where they differ
 */
export function broughtId(resource: JsonObject, type: string, id: string): Json | undefined {
  const given = own(resource, 'id');
  if (given === undefined || given === id) return given;
  throw new BadRequest(`The id of this resource is ${id}`, 'value', `${type}.id`);
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
