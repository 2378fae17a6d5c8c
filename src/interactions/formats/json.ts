/** Any JSON value as it travels; the same shape that the decision point reads. Never mutated. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; keys are its own properties only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Tells an object from every other JSON value, arrays and null included. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A body twice: `value` to look into, `text` to store; the text keeps decimals as they were written. */
export interface ParsedBody {
  readonly value: Json;
  /** JSON text that parses to `value`; no key occurs twice in an object. */
  readonly text: string;
}

/** Wraps a value that was made here and therefore has no text of its own. */
export function bodyOf(value: Json): ParsedBody {
  return { value, text: JSON.stringify(value) };
}
