import type { FuncKeywordDefinition } from 'ajv';
import type { Json } from '../json.js';
import { canonicalText } from './canonical-text.js';

const TEXTS = new WeakMap<readonly Json[], ReadonlySet<string>>();

/**
 * `enum` in time linear in the value. The validator's own compares it with every allowed value, so that
 * one request with a long array, whose items are each compared with another long array of the request
 * by `$data`, would keep the server busy for minutes.
 */
export const LINEAR_ENUM: FuncKeywordDefinition & { keyword: string } = {
  keyword: 'enum',
  schemaType: 'array',
  $data: true,
  errors: false,
  validate: (allowed: readonly Json[], value: Json) => textsOf(allowed).has(canonicalText(value)),
};

/** Neither schemas nor requests change, so each list is read once. */
function textsOf(allowed: readonly Json[]): ReadonlySet<string> {
  const known = TEXTS.get(allowed);
  if (known) return known;
  const texts = new Set(allowed.map(canonicalText));
  TEXTS.set(allowed, texts);
  return texts;
}
