import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import { own, textOf } from './element-values.js';
import type { QuantityRow } from './index-rows.js';
import { boundedText } from './normalized-text.js';
import { decimalText } from './parse-for-index.js';

/** What a number or quantity parameter compares. */
export type Amount = Omit<QuantityRow, 'slot' | 'item'>;

const CURRENCIES = 'urn:iso:std:iso:4217';

/** The amount in a number, Quantity, Money or Range; without ends where it says no number. */
export function amountIn(value: Json): Amount | undefined {
  const none = { system: null, code: null, unit: null };
  const plain = decimalText(value);
  if (plain !== undefined) return { low: plain, high: plain, ...none };
  if (!isJsonObject(value)) return undefined;
  const low = own(value, 'low');
  const high = own(value, 'high');
  if (low !== undefined || high !== undefined) return range(low, high);
  const number = numberIn(value);
  if (number === undefined) return { low: null, high: null, ...none };
  return { ...ends(number, textOf(value, 'comparator')), ...unitOf(value) };
}

/** Both ends of a Range have one unit. */
function range(low: Json | undefined, high: Json | undefined): Amount {
  const unit = [low, high].find(isJsonObject) ?? {};
  return {
    low: (isJsonObject(low) ? numberIn(low) : undefined) ?? '-Infinity',
    high: (isJsonObject(high) ? numberIn(high) : undefined) ?? 'Infinity',
    ...unitOf(unit),
  };
}

function numberIn(quantity: JsonObject): string | undefined {
  return decimalText(own(quantity, 'value'));
}

function ends(value: string, comparator: string | undefined): Pick<Amount, 'low' | 'high'> {
  if (comparator?.startsWith('<') === true) return { low: '-Infinity', high: value };
  if (comparator?.startsWith('>') === true) return { low: value, high: 'Infinity' };
  return { low: value, high: value };
}

/** Money has its unit in `currency` (FHIR R4, Search §3.1.1.4.11). */
function unitOf(quantity: JsonObject): Pick<Amount, 'system' | 'code' | 'unit'> {
  const currency = bounded(quantity, 'currency');
  if (currency !== null) return { system: CURRENCIES, code: currency, unit: null };
  return {
    system: bounded(quantity, 'system'),
    code: bounded(quantity, 'code'),
    unit: bounded(quantity, 'unit'),
  };
}

function bounded(quantity: JsonObject, name: string): string | null {
  const text = textOf(quantity, name);
  return text === undefined ? null : boundedText(text);
}
