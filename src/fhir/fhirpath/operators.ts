import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import { TooCostly, Undecided } from './fhirpath-error.js';
import { EMPTY, isSameItem, keyOf, Node, scalarOf, type Collection, type Item } from './item.js';
import { Moment, momentOf } from './moment.js';
import type { Budget } from './scope.js';
import type { Operator } from './syntax.js';
import { collectionOf, type Connective, type Truth } from './truth.js';

/** Operators that compute both sides first. */
export type ValueOperator = Exclude<Operator, Connective>;

const TEMPORAL: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant']);

/** Characters of a text that is put together; twice what FHIR allows a string to have. */
const MAX_TEXT = 2_000_000;

/**
 * @throws Undecided where one value is meant and several are there.
 * @throws TooCostly where the budget is used up, or a text becomes too long.
 */
export function operate(
  operator: ValueOperator,
  left: Collection,
  right: Collection,
  budget: Budget,
): Collection {
  budget.takeItems(left);
  budget.takeItems(right);
  switch (operator) {
    case '=':
    case '~':
      return collectionOf(areEqual(left, right, operator));
    case '!=':
    case '!~':
      return negatedEquality(left, right, operator);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return collectionOf(isInOrder(operator, left, right));
    case 'in':
      return membership(left, right);
    case 'contains':
      return membership(right, left);
    case '|':
      return distinct([...left, ...right]);
    case '&':
      return [joined(textOf(left), textOf(right), budget)];
    case '+':
      return added(left, right, budget);
    case '-':
    case '*':
    case '/':
    case 'div':
    case 'mod':
      return calculated(operator, scalar(left), scalar(right));
  }
}

/** Each item once, in order of first appearance. */
export function distinct(collection: Collection): Collection {
  const byKey = new Map<string, Item>();
  for (const item of collection) {
    const key = keyOf(item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey.values()];
}

function areEqual(left: Collection, right: Collection, operator: '=' | '~'): Truth {
  if (left.length === 0 || right.length === 0) {
    return operator === '~' ? left.length === right.length : undefined;
  }
  if (left.length !== right.length) return false;
  return left.every((item, at) => isSameItem(item, right[at] ?? ''));
}

function negatedEquality(left: Collection, right: Collection, operator: '!=' | '!~'): Collection {
  const equal = areEqual(left, right, operator === '!=' ? '=' : '~');
  return collectionOf(equal === undefined ? undefined : !equal);
}

function membership(item: Collection, collection: Collection): Collection {
  const [only] = item;
  if (only === undefined) return EMPTY;
  if (item.length > 1) throw new Undecided('looks for several values at once');
  return collectionOf(collection.some((each) => isSameItem(each, only)));
}

/** Unknown for values that cannot be compared, units that differ among them. */
function isInOrder(operator: '<' | '>' | '<=' | '>=', left: Collection, right: Collection): Truth {
  const a = single(left);
  const b = single(right);
  if (a === undefined || b === undefined) return undefined;
  const isReversed = operator === '>' || operator === '>=';
  const [low, high] = isReversed ? [b, a] : [a, b];
  return operator === '<' || operator === '>' ? isBefore(low, high) : negated(isBefore(high, low));
}

function isBefore(a: Item, b: Item): Truth {
  const [x, y] = [comparable(a), comparable(b)];
  if (x instanceof Moment && y instanceof Moment) return x.isBefore(y);
  if (typeof x === 'number' && typeof y === 'number') return x < y;
  if (typeof x === 'string' && typeof y === 'string') return x < y;
  return isSameUnit(a, b) ? isBefore(quantityValue(a), quantityValue(b)) : undefined;
}

function comparable(item: Item): unknown {
  const scalar = scalarOf(item);
  if (item instanceof Node && typeof scalar === 'string' && TEMPORAL.has(item.type)) {
    return momentOf(scalar);
  }
  return scalar;
}

function isSameUnit(a: Item, b: Item): boolean {
  const [x, y] = [objectOf(a), objectOf(b)];
  if (!isJsonObject(x) || !isJsonObject(y)) return false;
  const hasValues = typeof x['value'] === 'number' && typeof y['value'] === 'number';
  return hasValues && ['system', 'code', 'unit'].every((name) => x[name] === y[name]);
}

function quantityValue(item: Item): number {
  const object = objectOf(item);
  return isJsonObject(object) ? Number(object['value']) : Number.NaN;
}

function objectOf(item: Item): Json | undefined {
  return item instanceof Node ? item.value : undefined;
}

function added(left: Collection, right: Collection, budget: Budget): Collection {
  const [a, b] = [scalar(left), scalar(right)];
  const areTexts = typeof a === 'string' && typeof b === 'string';
  return areTexts ? [joined(a, b, budget)] : calculated('+', a, b);
}

function joined(a: string, b: string, budget: Budget): string {
  const length = a.length + b.length;
  if (length > MAX_TEXT) throw new TooCostly('makes a text that is too long');
  budget.takeCharacters(length);
  return a + b;
}

function calculated(
  operator: '+' | '-' | '*' | '/' | 'div' | 'mod',
  a: unknown,
  b: unknown,
): Collection {
  if (typeof a !== 'number' || typeof b !== 'number') return EMPTY;
  const result = CALCULATIONS[operator](a, b);
  return Number.isFinite(result) ? [result] : EMPTY;
}

const CALCULATIONS: Readonly<
  Record<'+' | '-' | '*' | '/' | 'div' | 'mod', (a: number, b: number) => number>
> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  div: (a, b) => Math.trunc(a / b),
  mod: (a, b) => a % b,
};

function single(collection: Collection): Item | undefined {
  if (collection.length > 1) throw new Undecided('compares several values at once');
  return collection[0];
}

function scalar(collection: Collection): unknown {
  const item = single(collection);
  return item === undefined ? undefined : scalarOf(item);
}

function textOf(collection: Collection): string {
  const value = scalar(collection);
  return typeof value === 'string' ? value : '';
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
