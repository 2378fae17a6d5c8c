import { LosslessNumber, parse, stringify } from 'lossless-json';

/** JSON whose numbers keep the digits they were written with. Freely mutable: each parse makes its own. */
export type ExactJson =
  null | boolean | string | LosslessNumber | ExactJson[] | { [key: string]: ExactJson };

/** An object of exact JSON. */
export interface ExactObject {
  [key: string]: ExactJson;
}

/** Tells an object from arrays, numbers and every other exact value. */
export function isExactObject(value: ExactJson | undefined): value is ExactObject {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !(value instanceof LosslessNumber);
}

/** Parses text that has been checked; of a repeated key the last wins. Recursive, so the depth must be bounded. */
export function parseExact(text: string): ExactJson {
  return parse(text, undefined, {
    onDuplicateKey: ({ newValue }) => newValue,
  }) as ExactJson;
}

/** The text of exact JSON, digits unchanged. Recursive, so the depth must be bounded. */
export function stringifyExact(value: ExactJson): string {
  return stringify(value) ?? 'null';
}
