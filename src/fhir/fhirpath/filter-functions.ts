import type { FunctionDefinition } from './function-definition.js';
import { EMPTY, keyOf, scalarOf, type Collection, type Item } from './item.js';
import { distinct, operate } from './operators.js';
import type { Evaluate, Scope } from './scope.js';
import { collectionOf, truthOf } from './truth.js';

/** Functions that choose among items, or ask how many there are (FHIRPath §5.1 to §5.4). */
export const FILTERS: Readonly<Record<string, FunctionDefinition>> = {
  exists: {
    least: 0,
    most: 1,
    build: (criterion) => (input, scope) => [any(input, criterion, scope)],
  },
  empty: { least: 0, most: 0, build: () => (input) => [input.length === 0] },
  not: { least: 0, most: 0, build: () => not },
  all: {
    least: 1,
    most: 1,
    build: (criterion) => (input, scope) => [input.every((item) => holds(item, criterion, scope))],
  },
  allTrue: { least: 0, most: 0, build: () => (input) => [input.every(isTrue)] },
  anyTrue: { least: 0, most: 0, build: () => (input) => [input.some(isTrue)] },
  allFalse: { least: 0, most: 0, build: () => (input) => [input.every(isFalse)] },
  anyFalse: { least: 0, most: 0, build: () => (input) => [input.some(isFalse)] },
  where: {
    least: 1,
    most: 1,
    build: (criterion) => (input, scope) => input.filter((item) => holds(item, criterion, scope)),
  },
  select: {
    least: 1,
    most: 1,
    build: (projection) => (input, scope) => selected(input, projection, scope),
  },
  count: { least: 0, most: 0, build: () => (input) => [input.length] },
  distinct: { least: 0, most: 0, build: () => (input, scope) => onlyOnce(input, scope) },
  isDistinct: {
    least: 0,
    most: 0,
    build: () => (input, scope) => [onlyOnce(input, scope).length === input.length],
  },
  first: { least: 0, most: 0, build: () => (input) => input.slice(0, 1) },
  last: { least: 0, most: 0, build: () => (input) => input.slice(-1) },
  tail: { least: 0, most: 0, build: () => (input) => input.slice(1) },
  skip: {
    least: 1,
    most: 1,
    build: (count) => (input, scope) => input.slice(numberOf(count, scope)),
  },
  take: {
    least: 1,
    most: 1,
    build: (count) => (input, scope) => input.slice(0, numberOf(count, scope)),
  },
  single: {
    least: 0,
    most: 0,
    build: () => (input) => (truthOf(input) === undefined ? EMPTY : input),
  },
  combine: {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => [...input, ...argument(other, scope)],
  },
  union: {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => operate('|', input, argument(other, scope), scope.budget),
  },
  intersect: { least: 1, most: 1, build: (other) => (input, scope) => shared(input, other, scope) },
  exclude: { least: 1, most: 1, build: (other) => (input, scope) => without(input, other, scope) },
  subsetOf: {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => [isWithin(input, argument(other, scope), scope)],
  },
  supersetOf: {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => [isWithin(argument(other, scope), input, scope)],
  },
  iif: {
    least: 2,
    most: 3,
    build:
      (...parts) =>
      (input, scope) =>
        chosen(parts, input, scope),
  },
  trace: { least: 1, most: 2, build: () => (input) => input },
};

/** An argument that is no criterion is asked of what the function itself stands in. */
export function argument(evaluate: Evaluate | undefined, scope: Scope): Collection {
  return evaluate ? evaluate(scope.self, scope) : EMPTY;
}

function of(item: Item, evaluate: Evaluate, scope: Scope): Collection {
  const self = [item];
  scope.budget.take(1);
  return evaluate(self, { ...scope, self });
}

function holds(item: Item, criterion: Evaluate | undefined, scope: Scope): boolean {
  return criterion !== undefined && truthOf(of(item, criterion, scope)) === true;
}

function any(input: Collection, criterion: Evaluate | undefined, scope: Scope): boolean {
  return criterion ? input.some((item) => holds(item, criterion, scope)) : input.length > 0;
}

function not(input: Collection): Collection {
  const truth = truthOf(input);
  return collectionOf(truth === undefined ? undefined : !truth);
}

function selected(input: Collection, projection: Evaluate | undefined, scope: Scope): Collection {
  return projection ? input.flatMap((item) => of(item, projection, scope)) : EMPTY;
}

function onlyOnce(input: Collection, scope: Scope): Collection {
  scope.budget.takeItems(input);
  return distinct(input);
}

function shared(input: Collection, other: Evaluate | undefined, scope: Scope): Collection {
  const keys = keysOf(argument(other, scope), input, scope);
  return distinct(input).filter((item) => keys.has(keyOf(item)));
}

function without(input: Collection, other: Evaluate | undefined, scope: Scope): Collection {
  const keys = keysOf(argument(other, scope), input, scope);
  return input.filter((item) => !keys.has(keyOf(item)));
}

function isWithin(some: Collection, all: Collection, scope: Scope): boolean {
  const keys = keysOf(all, some, scope);
  return some.every((item) => keys.has(keyOf(item)));
}

function keysOf(collection: Collection, compared: Collection, scope: Scope): ReadonlySet<string> {
  scope.budget.takeItems(collection);
  scope.budget.takeItems(compared);
  return new Set(collection.map(keyOf));
}

function chosen(
  [criterion, then, otherwise]: readonly Evaluate[],
  input: Collection,
  scope: Scope,
): Collection {
  const inner = { ...scope, self: input };
  const branch = criterion && truthOf(criterion(input, inner)) === true ? then : otherwise;
  return branch ? branch(input, inner) : EMPTY;
}

function numberOf(evaluate: Evaluate | undefined, scope: Scope): number {
  const [item] = argument(evaluate, scope);
  const value = item === undefined ? undefined : scalarOf(item);
  return typeof value === 'number' ? Math.max(0, value) : 0;
}

function isTrue(item: Item): boolean {
  return scalarOf(item) === true;
}

function isFalse(item: Item): boolean {
  return scalarOf(item) === false;
}
