import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Node } from '../fhirpath/item.js';
import { nodeOf, type Scope } from '../fhirpath/scope.js';
import type { Property, Shape } from '../validation/shape.js';

/** A value of an element, and how FHIRPath leads to it from the object that it is in. */
export interface Occurrence {
  readonly node: Node;
  readonly steps: readonly (string | number)[];
}

/**
 * The values that an object has of an element, those included that have extensions only.
 *
 * @returns `undefined` for what is no element of it
 */
export function occurrencesOf(
  parent: Node,
  name: string,
  scope: Pick<Scope, 'shapeOf'>,
): readonly Occurrence[] | undefined {
  const { object, shape } = partsOf(parent, scope);
  if (!shape) return ['id', 'extension'].includes(name) ? [] : undefined;
  const keys = shape.elements.get(name)?.keys ?? (shape.properties.has(name) ? [name] : undefined);
  if (!keys || !isJsonObject(object)) return keys && [];
  return keys.flatMap((key) => {
    const property = shape.properties.get(key);
    return property ? valuesOf(object, key, property, scope) : [];
  });
}

/** The parts of a primitive element are its id and extensions. */
function partsOf(
  { value, companion, shape }: Node,
  scope: Pick<Scope, 'shapeOf'>,
): { readonly object: Json | undefined; readonly shape: Shape | undefined } {
  const isPrimitive = !isJsonObject(value) && isJsonObject(companion);
  return isPrimitive
    ? { object: companion, shape: scope.shapeOf('Element') }
    : { object: value, shape };
}

function valuesOf(
  object: JsonObject,
  key: string,
  property: Property,
  scope: Pick<Scope, 'shapeOf'>,
): readonly Occurrence[] {
  const [value, companion] = [own(object, key), own(object, `_${key}`)];
  if (value === undefined && companion === undefined) return [];
  if (!Array.isArray(value ?? companion)) {
    return [{ node: nodeOf(value, companion, property, scope), steps: [property.step] }];
  }
  return pairs(value, companion).map(([item, beside], at) => ({
    node: nodeOf(item ?? undefined, beside ?? undefined, property, scope),
    steps: [property.step, at],
  }));
}

function pairs(
  value: Json | undefined,
  companion: Json | undefined,
): readonly (readonly [Json | undefined, Json | undefined])[] {
  const [values, companions] = [itemsOf(value), itemsOf(companion)];
  const length = Math.max(values.length, companions.length);
  return Array.from({ length }, (_, at) => [values[at], companions[at]] as const);
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
