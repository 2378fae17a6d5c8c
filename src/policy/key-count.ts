import type { JsonObject } from './json.js';

/** What counts the work of a decision. */
export interface Work {
  /** @throws Undecidable or WorkSpent when nothing is left. */
  spend(units: number): void;
}

/** Objects with more keys than this are counted once; to count fewer takes next to nothing. */
const FEW = 32;
/** Objects with more keys than this are hash tables, whose keys are sorted before the first is known. */
const MANY = 1_000;

const COUNTS = new WeakMap<JsonObject, number>();

/** Units that it takes to list as many keys of one object. */
export function workOnKeys(count: number): number {
  return count / (count > MANY ? 2 : 16);
}

/**
 * How many keys an object has. A caller may send one with hundreds of thousands and have it compared with as many
 * others, and neither listing the keys nor beginning to takes less than all of them. Requests do not change, so that
 * this is done once for each such object, and spent then.
 *
 * @throws Undecidable or WorkSpent when there are more keys than the work that is left.
 */
export function keyCount(object: JsonObject, work?: Work): number {
  const known = COUNTS.get(object);
  if (known !== undefined) return known;
  const count = Object.keys(object).length;
  if (count > FEW) {
    COUNTS.set(object, count);
    work?.spend(workOnKeys(count));
  }
  return count;
}

/**
 * The keys of an object, listed when they are paid for.
 *
 * @throws Undecidable or WorkSpent when the work does not suffice.
 */
export function keysOf(object: JsonObject, work: Work): readonly string[] {
  work.spend(workOnKeys(keyCount(object, work)));
  return Object.keys(object);
}
