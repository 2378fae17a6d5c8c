import type { Json, JsonObject } from '../policy/json.js';

const MAX_DEPTH = 32;
const MEMBER_NAMES = /"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/gs;

/**
 * Reads one JSON object from UTF-8, frozen at every level.
 *
 * @returns undefined for anything but an object, bytes that are not UTF-8, a byte order mark, more
 * than 32 levels, a member named twice in one object (parsers disagree on which counts: RFC 8725
 * §2.4), or one named `__proto__`.
 */
export function parseStrictJson(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text) as Json;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // The parser keeps the last of two members of one name, so fewer are left than are written.
    return freezeCounting(value, MAX_DEPTH) === writtenMembers(text)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function writtenMembers(text: string): number {
  let members = 0;
  for (const match of text.matchAll(MEMBER_NAMES)) {
    if (match[1] !== undefined) members += 1;
  }
  return members;
}

function freezeCounting(value: Json, depthLeft: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depthLeft === 0 || Object.hasOwn(value, '__proto__')) throw new RangeError('refused');
  const entries: readonly Json[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : entries.length;
  const nested = entries.reduce<number>((sum, e) => sum + freezeCounting(e, depthLeft - 1), 0);
  Object.freeze(value);
  return own + nested;
}
