import { Undecided } from './fhirpath-error.js';
import { EMPTY, scalarOf, type Collection } from './item.js';

/** Three-valued: `undefined` where nothing is known. */
export type Truth = boolean | undefined;

/** Operators on truth values. */
export type Connective = 'and' | 'or' | 'xor' | 'implies';

const TRUE: Collection = Object.freeze([true]);
const FALSE: Collection = Object.freeze([false]);

/**
 * A collection as a truth value (FHIRPath §4.5): a single value that is no boolean is true.
 *
 * @throws Undecided for several values.
 */
export function truthOf(collection: Collection): Truth {
  const [only] = collection;
  if (only === undefined) return undefined;
  if (collection.length > 1) throw new Undecided('asks one question of several values');
  const value = scalarOf(only);
  return typeof value === 'boolean' ? value : true;
}

/** The collection of a truth value. */
export function collectionOf(truth: Truth): Collection {
  if (truth === undefined) return EMPTY;
  return truth ? TRUE : FALSE;
}

/** `and`, `or`, `xor` and `implies` (FHIRPath §6.5); the right side is asked only where it matters. */
export function connected(operator: Connective, left: Truth, right: () => Truth): Truth {
  switch (operator) {
    case 'and':
      return left === false ? false : both(left, right());
    case 'or':
      return left === true ? true : negated(both(negated(left), negated(right())));
    case 'implies':
      return left === false ? true : negated(both(left, negated(right())));
    case 'xor': {
      const other = right();
      return left === undefined || other === undefined ? undefined : left !== other;
    }
  }
}

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
