import type { Json } from '../../interactions/formats/json.js';
import type { Property, Shape } from '../validation/shape.js';
import type { Moment } from './moment.js';

/** Where an element stands in the resource that was asked. */
export interface Place {
  /** What it is an element of. */
  readonly owner: Node;
  /** Its key in JSON. */
  readonly key: string;
  readonly property: Property;
  /** Its position, from 0, where the key holds several. */
  readonly index: number | undefined;
}

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
    /** Absent of what was asked itself. */
    readonly place?: Place,
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

/** Whether two items are equal; numbers by value, objects in any order. */
export function isSameItem(a: Item, b: Item): boolean {
  const [x, y] = [scalarOf(a), scalarOf(b)];
  if (typeof x === 'string' || typeof y === 'string') return x === y;
  // The text of a large object is costly, and equals no value without parts.
  if ((x === undefined) !== (y === undefined)) return false;
  return keyOf(a) === keyOf(b);
}

/** Equal for equal items and different for others. */
export function keyOf(item: Item): string {
  const scalar = scalarOf(item);
  if (scalar !== undefined) return `${typeof scalar}:${String(scalar)}`;
  const value = item instanceof Node ? (item.value ?? null) : null;
  if (typeof value !== 'object' || value === null) return '';
  const known = canonicalTexts.get(value);
  if (known !== undefined) return known;
  const text = canonical(value);
  canonicalTexts.set(value, text);
  return text;
}

/** A constraint may compare one and the same object with a great many others. */
const canonicalTexts = new WeakMap<object, string>();

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => canonical(each)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries<Json>(value as Readonly<Record<string, Json>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}
