import { LosslessNumber } from 'lossless-json';
import { type ExactJson, type ExactObject, isExactObject } from '../formats/exact-json.js';

/** What copies of values may still cost; each value copied takes one. */
export interface CopyBudget {
  nodes: number;
  readonly maxDepth: number;
}

/** A copy that shares nothing with the original, or `undefined` when it costs more than is left. */
export function copyWithin(budget: CopyBudget, value: ExactJson): ExactJson | undefined {
  budget.nodes -= countNodes(value, budget.nodes);
  if (budget.nodes < 0 || isDeeperThan(value, budget.maxDepth)) return undefined;
  return structuredCopy(value);
}

/** Objects and arrays within one another, counted without recursion up to the limit. */
export function isDeeperThan(value: ExactJson, maxDepth: number): boolean {
  const pending: [ExactJson, number][] = [[value, 1]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [parent, depth] = next;
    const children = childrenOf(parent);
    if (children !== undefined && depth > maxDepth) return true;
    for (const child of children ?? []) pending.push([child, depth + 1]);
  }
  return false;
}

/** Equality as JSON Patch's `test` means it (RFC 6902 §4.6): numbers by value, objects in any order. */
export function isEqual(a: ExactJson | undefined, b: ExactJson | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a instanceof LosslessNumber && b instanceof LosslessNumber) {
    return Number(a.value) === Number(b.value);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  return isExactObject(a) && isExactObject(b) ? haveEqualMembers(a, b) : a === b;
}

function haveEqualMembers(a: ExactObject, b: ExactObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

function childrenOf(value: ExactJson): ExactJson[] | undefined {
  if (Array.isArray(value)) return value;
  return isExactObject(value) ? Object.values(value) : undefined;
}

function countNodes(value: ExactJson, atMost: number): number {
  const pending = [value];
  let count = 0;
  for (let next = pending.pop(); next !== undefined && count <= atMost; next = pending.pop()) {
    count += 1;
    for (const child of childrenOf(next) ?? []) pending.push(child);
  }
  return count;
}

function structuredCopy(value: ExactJson): ExactJson {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (!isExactObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, structuredCopy(member)]);
  return Object.fromEntries(members) as ExactJson;
}
