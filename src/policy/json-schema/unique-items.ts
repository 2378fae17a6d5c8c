import type { FuncKeywordDefinition } from 'ajv';
import { isArray, isObject, type Json } from '../json.js';

/**
 * `uniqueItems` in time linear in the array. The validator's own compares every item with every
 * other, so that one request with a long array would keep the server busy for minutes.
 */
export const LINEAR_UNIQUE_ITEMS: FuncKeywordDefinition & { keyword: string } = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: false,
  validate: (isWanted: boolean, items: readonly Json[]) =>
    !isWanted || new Set(items.map(canonicalText)).size === items.length,
};

/** The same text for values that are equal, whatever the order of their members. */
function canonicalText(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`,
  );
  return `{${members.sort().join()}}`;
}
