import { isArray, isObject, type Json } from '../json.js';

/** The same text for values that are equal, whatever the order of their members. */
export function canonicalText(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`,
  );
  return `{${members.sort().join()}}`;
}
