import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import type { PathStep } from '../definitions/search-element.js';

/** A value of an element, and which repetition of the outermost element it is in; 0 where none repeats. */
export interface ElementValue {
  readonly value: Json;
  readonly item: number;
}

/** All values at a path; null, which stands for extensions only, is none. */
export function elementValues(
  resource: JsonObject,
  steps: readonly PathStep[],
): readonly ElementValue[] {
  let values: readonly ElementValue[] = [{ value: resource, item: 0 }];
  for (const step of steps) values = values.flatMap((value) => childrenOf(value, step));
  return values;
}

/** The text of a property, if it is one. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = own(object, name);
  return typeof value === 'string' ? value : undefined;
}

/** A property that an object itself has. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function childrenOf({ value, item }: ElementValue, step: PathStep): readonly ElementValue[] {
  if (!isJsonObject(value)) return [];
  const child = own(value, step.name) ?? null;
  const children = isArray(child)
    ? child.map((one, at) => ({ value: one, item: item === 0 ? at + 1 : item }))
    : [{ value: child, item }];
  return children.filter((one, at) => one.value !== null && counts(one.value, at, step));
}

function counts(value: Json, position: number, { at, where }: PathStep): boolean {
  if (at !== undefined) return position === at;
  if (!where) return true;
  return isJsonObject(value) && textOf(value, where.name) === where.text;
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
