import { isArray, isObject, type Json, type JsonObject } from '../../policy/json.js';

/** How much of a value is copied at most. */
export interface ExcerptLimits {
  /** Members, items and scalars. */
  readonly nodes: number;
  /** Characters of all texts and names together. */
  readonly characters: number;
}

/** A copy that shares nothing with the value, and whether something was left out of it. */
export interface Excerpt {
  readonly value: Json;
  readonly isCut: boolean;
}

const MAX_DEPTH = 12;
const MAX_TEXT = 4_096;
const MAX_NAME = 128;
const MORE = '…';

interface Budget {
  nodes: number;
  characters: number;
  isCut: boolean;
}

/** As much of a value as fits, in time that the limits bound; what is left out is marked by `…`. */
export function excerptOf(value: Json, { nodes, characters }: ExcerptLimits): Excerpt {
  const budget = { nodes, characters, isCut: false };
  const copied = copy(value, budget, 0);
  // A part of a text keeps the whole text alive until it is copied.
  return { value: JSON.parse(JSON.stringify(copied)) as Json, isCut: budget.isCut };
}

function copy(value: Json, budget: Budget, depth: number): Json {
  budget.nodes -= 1;
  if (typeof value === 'string') return copyText(value, budget, MAX_TEXT);
  if (!isArray(value) && !isObject(value)) return value;
  if (depth >= MAX_DEPTH) return cut(budget);
  return isArray(value) ? copyItems(value, budget, depth) : copyMembers(value, budget, depth);
}

function copyItems(items: readonly Json[], budget: Budget, depth: number): Json {
  const copied: Json[] = [];
  for (const item of items) {
    if (isSpent(budget)) return [...copied, cut(budget)];
    copied.push(copy(item, budget, depth + 1));
  }
  return copied;
}

function copyMembers(members: JsonObject, budget: Budget, depth: number): Json {
  const copied: [string, Json][] = [];
  for (const name in members) {
    if (!Object.hasOwn(members, name)) continue;
    if (isSpent(budget)) {
      copied.push([MORE, cut(budget)]);
      break;
    }
    const shown = copyText(name, budget, MAX_NAME);
    copied.push([shown, copy(members[name] ?? null, budget, depth + 1)]);
  }
  return Object.fromEntries(copied);
}

function copyText(text: string, budget: Budget, most: number): string {
  const length = Math.max(0, Math.min(text.length, most, budget.characters));
  budget.characters -= length;
  if (length === text.length) return text;
  return `${text.slice(0, length)}${cut(budget)}`;
}

function cut(budget: Budget): string {
  budget.isCut = true;
  return MORE;
}

function isSpent({ nodes, characters }: Budget): boolean {
  return nodes <= 0 || characters <= 0;
}
