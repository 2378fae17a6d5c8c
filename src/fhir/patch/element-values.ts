import type { Budget } from '../fhirpath/scope.js';

/** One value of an element as JSON holds it: in `name`; its id and extensions in `_name` if it is primitive. */
export interface ElementValue {
  readonly value: unknown;
  readonly companion: unknown;
}

/** The element of an object. */
export interface ElementKey {
  readonly key: string;
  /** In JSON it is an array. */
  readonly isRepeating: boolean;
}

/** One step into an object: to one value of an element, or to what stands beside a primitive one. */
export interface Step extends ElementKey {
  readonly index: number;
  readonly isCompanion: boolean;
}

/** JSON of whatever form: with numbers, or with their digits. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/** What copying may take: one for each member of an object, and for each value of a list that changes. */
export type CopyBudget = Pick<Budget, 'take'>;

/** What an element holds, in order. */
export function valuesOf(object: JsonMembers, { key, isRepeating }: ElementKey): ElementValue[] {
  const [value, companion] = [own(object, key), own(object, `_${key}`)];
  if (!isRepeating) {
    return value === undefined && companion === undefined ? [] : [{ value, companion }];
  }
  const [values, companions] = [itemsOf(value), itemsOf(companion)];
  const length = Math.max(values.length, companions.length);
  return Array.from({ length }, (_, at) => ({
    value: values[at] ?? undefined,
    companion: companions[at] ?? undefined,
  }));
}

/**
 * A copy of an object in which an element holds other values; without any, it has no such element.
 *
 * @throws TooCostly
 */
export function withValues(
  object: JsonMembers,
  element: ElementKey,
  values: readonly ElementValue[],
  budget: CopyBudget,
): JsonMembers {
  budget.take(Object.keys(object).length + values.length);
  const copy: Record<string, unknown> = { ...object };
  for (const [name, held] of membersFor(element, values)) {
    if (held === undefined) Reflect.deleteProperty(copy, name);
    else copy[name] = held;
  }
  return copy;
}

/** What the two members of an element hold, `undefined` where it has none. */
export function membersFor(
  { key, isRepeating }: ElementKey,
  values: readonly ElementValue[],
): readonly (readonly [name: string, held: unknown])[] {
  const held = (items: readonly unknown[]): unknown => {
    if (items.every((item) => item === undefined)) return undefined;
    return isRepeating ? items.map((item) => item ?? null) : items[0];
  };
  return [
    [key, held(values.map(({ value }) => value))],
    [`_${key}`, held(values.map(({ companion }) => companion))],
  ];
}

/**
 * A copy of a resource in which one object is another. What has nothing left in it is left out, as FHIR has
 * no empty elements.
 *
 * @param change of the object at the end of the steps, given as none where nothing stands beside a value yet
 * @throws TooCostly
 */
export function changedAt(
  object: JsonMembers,
  [step, ...further]: readonly Step[],
  change: (object: JsonMembers) => JsonMembers,
  budget: CopyBudget,
): JsonMembers | undefined {
  const changed =
    step === undefined ? change(object) : changedIn(object, step, further, change, budget);
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function changedIn(
  object: JsonMembers,
  step: Step,
  further: readonly Step[],
  change: (object: JsonMembers) => JsonMembers,
  budget: CopyBudget,
): JsonMembers {
  const values = valuesOf(object, step);
  const at = values[step.index];
  if (!at) throw new Error('An element was found where there is none');
  const side = step.isCompanion ? 'companion' : 'value';
  const inner = isMembers(at[side]) ? at[side] : {};
  const next = { ...at, [side]: changedAt(inner, further, change, budget) };
  const isGone = next.value === undefined && next.companion === undefined;
  const kept = values.toSpliced(step.index, 1, ...(isGone ? [] : [next]));
  return withValues(object, step, kept, budget);
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function isMembers(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: JsonMembers, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
