import type { FuncKeywordDefinition } from 'ajv';
import type { Json } from '../json.js';
import { canonicalText } from './canonical-text.js';

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
