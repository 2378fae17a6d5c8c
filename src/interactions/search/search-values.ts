import { BadRequest } from '../../errors/fhir-error.js';

/** A token parameter's value, `[system|]value` (FHIR R4, Search §3.1.1.4.10). */
export interface Token {
  /** `undefined` when any system will do, empty when there must be none. */
  readonly system: string | undefined;
  /** Empty when any value of the system will do. */
  readonly value: string;
}

/** Splits at commas that are not escaped (FHIR R4, Search §3.1.1.3.7); all escapes stay. */
export function splitValues(text: string, atMost?: number): readonly string[] {
  return splitUnescaped(text, ',', atMost);
}

/**
 * `\,` `\|` `\$` `\\` stand for the character itself.
 *
 * @throws BadRequest 400 for a backslash before anything else: readers would differ on what it means.
 */
export function unescapeValue(value: string): string {
  if (!/^(?:[^\\]|\\[,|$\\])*$/.test(value)) {
    throw new BadRequest('In a search value a backslash is written twice', 'value');
  }
  return value.replace(/\\([,|$\\])/g, '$1');
}

/** @throws BadRequest 400 for a lone `|` and for a second one that is not escaped. */
export function parseToken(text: string): Token {
  const parts = splitUnescaped(text, '|').map(unescapeValue);
  const [system, value] = parts.length === 1 ? [undefined, parts[0]] : parts;
  if (parts.length > 2 || value === undefined || (value === '' && !system)) {
    throw new BadRequest('A token is written value, system|value, |value or system|', 'value');
  }
  return { system, value };
}

/**
 * Splits at a character that is not escaped; all escapes stay.
 *
 * @param atMost parts that the caller takes; of more no more than one is made, which tells that there are
 */
export function splitUnescaped(
  text: string,
  separator: string,
  atMost = Number.POSITIVE_INFINITY,
): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length && parts.length < atMost; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    if (char !== separator) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  return [...parts, text.slice(start)];
}
