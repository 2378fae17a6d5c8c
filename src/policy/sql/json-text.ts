import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { keyCount } from '../key-count.js';

/** Texts of objects and arrays, and `undefined` for those that are too long: many statements may ask for the same. */
const TEXTS = new WeakMap<JsonObject | readonly Json[], string | undefined>();

/**
 * The JSON text of a value; `undefined` when it is longer than a limit, the same for each that asks.
 *
 * What is too long is not written out, and what is not is written out once: requests do not change.
 */
export function jsonText(value: Json, limit: number): string | undefined {
  if (!isArray(value) && !isObject(value)) return JSON.stringify(value);
  if (TEXTS.has(value)) return TEXTS.get(value);
  const isShort = new Measure(limit).add(value);
  const text = isShort ? JSON.stringify(value) : undefined;
  TEXTS.set(value, text);
  return text;
}

/** Adds up how long texts are at least, as far as a limit. */
class Measure {
  constructor(private left: number) {}

  /** @returns whether it is still within the limit. */
  add(value: Json): boolean {
    if (isArray(value)) return this.spend(value.length) && value.every((item) => this.add(item));
    if (isObject(value)) return this.addMembers(value);
    return this.spend(typeof value === 'string' ? value.length : 1);
  }

  private addMembers(object: JsonObject): boolean {
    // Each has quotes, a colon and a comma. So many that they cannot fit are not listed again.
    return (
      this.spend(4 * keyCount(object)) &&
      Object.keys(object).every((name) => this.spend(name.length) && this.add(object[name] as Json))
    );
  }

  private spend(characters: number): boolean {
    this.left -= characters;
    return this.left >= 0;
  }
}
