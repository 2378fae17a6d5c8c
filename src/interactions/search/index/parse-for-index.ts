import { parse } from 'lossless-json';
import type { Json } from '../../formats/json.js';

/** Digits that every number of JavaScript can hold. */
const HELD_DIGITS = 15;
/** A number of more digits, or text that looks like one. */
const LONG = new RegExp(`[\\d.]{${HELD_DIGITS + 1}}`);
/** A decimal as it is compared; longer ones are rounded. */
const DECIMAL = /^-?\d{1,40}(?:\.\d{1,40})?$/;

/**
 * The resource in a text that PostgreSQL wrote, for its values to be indexed.
 *
 * A number of so many digits that JavaScript would change it stands there as its text; validation keeps texts
 * from where numbers belong.
 */
export function parseForIndex(text: string): Json {
  if (!LONG.test(text)) return JSON.parse(text) as Json;
  return parse(text, undefined, { parseNumber: held }) as Json;
}

/** The decimal text of a number as {@link parseForIndex} leaves it; `undefined` for anything else. */
export function decimalText(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && DECIMAL.test(value) ? value : undefined;
}

function held(number: string): number | string {
  const digits = number.replace(/[-.]/g, '').length;
  return digits > HELD_DIGITS && DECIMAL.test(number) ? number : Number(number);
}
