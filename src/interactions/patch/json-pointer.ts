import { MalformedPatch } from './patch-errors.js';

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** The reference tokens of a JSON Pointer, unescaped; none of them for the whole document. */
export type Pointer = readonly string[];

/**
 * Parses a JSON Pointer (RFC 6901).
 *
 * @throws MalformedPatch (400) for anything else, more than `maxDepth` tokens, and `__proto__`.
 */
export function parsePointer(text: unknown, index: number, maxDepth: number): Pointer {
  if (typeof text !== 'string' || !POINTER.test(text)) {
    throw new MalformedPatch('path and from are JSON Pointers', index);
  }
  const tokens = text.split('/').slice(1).map(unescape);
  if (tokens.length > maxDepth || tokens.includes('__proto__')) {
    throw new MalformedPatch('the pointer leads nowhere that a resource could be', index);
  }
  return tokens;
}

/** Whether two pointers lead to one place. */
export function isSamePointer(a: Pointer, b: Pointer): boolean {
  return a.length === b.length && a.every((token, at) => token === b[at]);
}

/** Whether a pointer lies within what another one points to. */
export function isWithin(inner: Pointer, outer: Pointer): boolean {
  return inner.length > outer.length && outer.every((token, at) => token === inner[at]);
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
