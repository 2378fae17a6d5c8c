import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Property, Shape } from '../validation/shape.js';
import { TooCostly } from './fhirpath-error.js';
import { Node, scalarOf, type Collection, type Item, type Place } from './item.js';

/** Texts are copied and compared a thousand times faster than elements are looked at. */
const CHARACTERS_PER_STEP = 1_000;

/** What all evaluations on one resource may cost together, and each of them: elements looked at. */
export class Budget {
  private left: number;

  constructor(
    private total: number,
    private readonly atOnce: number,
  ) {
    this.left = Math.min(total, atOnce);
  }

  /** Another evaluation begins. */
  begin(): void {
    this.left = Math.min(this.total, this.atOnce);
  }

  /** @throws TooCostly when nothing is left. */
  take(steps: number): void {
    this.total -= steps;
    this.left -= steps;
    if (this.left < 0) throw new TooCostly('takes too long on a resource of this size');
  }

  /** As {@link take}, for characters that are looked at one by one. @throws TooCostly when nothing is left. */
  takeCharacters(count: number): void {
    this.take(Math.ceil(count / CHARACTERS_PER_STEP));
  }

  /** As {@link take}, for items that are compared with others. @throws TooCostly when nothing is left. */
  takeItems(items: Collection): void {
    this.take(items.length);
    for (const item of items) {
      const value = scalarOf(item);
      if (typeof value === 'string' && value.length > CHARACTERS_PER_STEP) {
        this.takeCharacters(value.length);
      }
    }
  }

  /** Whether nothing is left for any other evaluation. */
  get isSpent(): boolean {
    return this.total < 0;
  }
}

/** Where an expression is evaluated. */
export interface Scope {
  /** `$this`: the item that the innermost function looks at. */
  readonly self: Collection;
  readonly resource: Item;
  readonly rootResource: Item;
  /** What the whole expression was asked of. */
  readonly context: Item;
  readonly budget: Budget;
  /** The shape of a resource type; `undefined` for what is none of R4. */
  readonly shapeOf: (resourceType: string) => Shape | undefined;
}

/** A compiled expression. */
export type Evaluate = (input: Collection, scope: Scope) => Collection;

/**
 * A resource as an item.
 *
 * @param place of one that is in another
 */
export function resourceNode(
  resource: JsonObject,
  scope: Pick<Scope, 'shapeOf'>,
  place?: Place,
): Node {
  const { resourceType } = resource;
  const type = typeof resourceType === 'string' ? resourceType : 'Resource';
  return new Node(resource, type, scope.shapeOf(type), undefined, place);
}

/** The elements of an item that have this name, choices by the name without their type. */
export function membersOf(item: Item, name: string, scope: Scope): Collection {
  if (!(item instanceof Node)) return [];
  const object = item.value ?? item.companion ?? null;
  const element = item.shape?.elements.get(name);
  if (!element)
    return item.shape?.types.includes(name) ? [item] : companionMembers(item, name, scope);
  if (!isJsonObject(object)) return [];
  const found: Item[] = [];
  for (const key of element.keys)
    append(found, key, { object, shape: item.shape, owner: item, scope });
  return found;
}

/** All elements of an item. */
export function childrenOf(item: Item, scope: Scope): Collection {
  if (!(item instanceof Node) || !item.shape) return companionChildren(item, scope);
  const { value, shape } = item;
  if (!isJsonObject(value)) return [];
  const found: Item[] = [];
  const source = { object: value, shape, owner: item, scope };
  for (const key of Object.keys(value)) {
    if (key.startsWith('_') && Object.hasOwn(value, key.slice(1))) continue;
    append(found, key.startsWith('_') ? key.slice(1) : key, source);
  }
  return found;
}

/** The object in which elements are looked for. */
interface Source {
  readonly object: JsonObject;
  readonly shape: Shape | undefined;
  readonly owner: Node;
  readonly scope: Scope;
}

function append(found: Item[], key: string, { object, shape, owner, scope }: Source): void {
  const value = own(object, key);
  const companion = own(object, `_${key}`);
  const property = shape?.properties.get(key);
  if (!property || (value === undefined && companion === undefined)) return;
  if (!Array.isArray(value ?? companion)) {
    scope.budget.take(1);
    const place = { owner, key, property, index: undefined };
    found.push(nodeOf(value, companion, property, scope, place));
    return;
  }
  const [values, companions] = [itemsOf(value), itemsOf(companion)];
  const length = Math.max(values.length, companions.length);
  scope.budget.take(length);
  for (let at = 0; at < length; at += 1) {
    const place = { owner, key, property, index: at };
    const [each, beside] = [values[at] ?? undefined, companions[at] ?? undefined];
    found.push(nodeOf(each, beside, property, scope, place));
  }
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A value of an element, with what stands beside it under `_`, as an item. */
export function nodeOf(
  value: Json | undefined,
  companion: Json | undefined,
  { type }: Property,
  scope: Pick<Scope, 'shapeOf'>,
  place?: Place,
): Node {
  switch (type.kind) {
    case 'primitive':
      return new Node(value, type.name, undefined, companion, place);
    case 'complex':
      return new Node(value, type.name, type.shape(), undefined, place);
    case 'resource':
      return isJsonObject(value)
        ? resourceNode(value, scope, place)
        : new Node(value, type.name, undefined, undefined, place);
  }
}

/** The id and the extensions of a primitive element. */
function companionMembers(item: Node, name: string, scope: Scope): Collection {
  const { companion } = item;
  if (!isJsonObject(companion) || (name !== 'id' && name !== 'extension')) return [];
  const shape = scope.shapeOf('Element');
  const found: Item[] = [];
  append(found, name, { object: companion, shape, owner: item, scope });
  return found;
}

function companionChildren(item: Item, scope: Scope): Collection {
  if (!(item instanceof Node)) return [];
  return ['id', 'extension'].flatMap((name) => companionMembers(item, name, scope));
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
