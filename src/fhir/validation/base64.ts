import type { Json } from '../../interactions/formats/json.js';

/**
 * Whether a value is base64 (RFC 4648 §4) with white space wherever it may be: groups of four characters,
 * padding at the end only. One pass without a regular expression, as content may be megabytes.
 */
export function isBase64(value: Json): value is string {
  if (typeof value !== 'string') return false;
  let characters = 0;
  let padding = 0;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (isSpace(code)) continue;
    characters += 1;
    if (code === EQUALS) padding += 1;
    else if (padding > 0 || !isSixBits(code)) return false;
  }
  return characters > 0 && characters % 4 === 0 && padding <= 2;
}

const EQUALS = 0x3d;

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isSixBits(code: number): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  const isDigit = code >= 0x30 && code <= 0x39;
  return isLetter || isDigit || code === 0x2b || code === 0x2f;
}
