import type { Json } from '../../interactions/formats/json.js';
import type { Shape } from '../validation/shape.js';
import type { Moment } from './moment.js';

/** An element of a resource, with the type that the definitions give it. */
export class Node {
  constructor(
    /** Absent where the element has extensions only. */
    readonly value: Json | undefined,
    readonly type: string,
    /** Of what has parts. */
    readonly shape: Shape | undefined,
    /** Id and extensions of a primitive element. */
    readonly companion?: Json,
  ) {}
}

/** What a collection holds. */
export type Item = Node | Moment | string | number | boolean;

/** All that FHIRPath computes with: values in order, perhaps none. */
export type Collection = readonly Item[];

/** No values. */
export const EMPTY: Collection = Object.freeze([]);

/** The value of an item without the type that it has in FHIR; `undefined` of what has parts. */
export function scalarOf(item: Item): Moment | string | number | boolean | undefined {
  if (!(item instanceof Node)) return item;
  const { value } = item;
  return typeof value === 'object' || value === undefined ? undefined : value;
}

/** Equal for equal items and different for others; numbers by value, objects in any order. */
export function keyOf(item: Item): string {
  const scalar = scalarOf(item);
  if (scalar !== undefined) return `${typeof scalar}:${String(scalar)}`;
  return item instanceof Node ? canonical(item.value ?? null) : '';
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => canonical(each)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries<Json>(value as Readonly<Record<string, Json>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}
