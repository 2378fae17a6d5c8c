import { BadRequest } from '../../errors/fhir-error.js';
import { UriTooLong } from './http-errors.js';

const MAX_CHARACTERS = 8192;
const ABSOLUTE_FORM = /^https?:\/\/[^/?#\\@]+(?=[/?]|$)/i;
const VISIBLE_ASCII = /^[!-~]*$/;
const FORBIDDEN_ESCAPE = /%(?:2f|5c|00)/i;
const SEGMENT = /^[A-Za-z0-9\-._~$*:@]+$/;

/** A request target in the one spelling that router and policies share. */
export interface CanonicalTarget {
  /** Begins with `/`, ends with none (but for the root), and holds no escape. */
  readonly path: string;
  /** What follows the first `?`, as sent; `undefined` without one. */
  readonly queryString: string | undefined;
}

/**
 * The one canonical path (spec §1): escapes decoded once, duplicate and trailing slashes dropped.
 * After decoding, a segment may hold letters, digits and `-._~$*:@` only, so that nothing is left
 * that a router could decode or split again. The absolute form (RFC 9112 §3.2.2) loses its origin.
 *
 * @throws BadRequest (400) for dot segments, encoded slashes, backslashes, NUL, other characters,
 * broken escapes, fragments, and targets that are no path; UriTooLong (414) beyond 8192 characters.
 */
export function canonicalPath(rawUrl: string): CanonicalTarget {
  if (rawUrl.length > MAX_CHARACTERS) throw new UriTooLong(MAX_CHARACTERS);
  if (!VISIBLE_ASCII.test(rawUrl)) throw new BadRequest('The URL holds an unencoded character');
  if (rawUrl.includes('#')) throw new BadRequest('The URL holds a fragment');
  const target = withoutOrigin(rawUrl);
  const question = target.indexOf('?');
  const rawPath = question < 0 ? target : target.slice(0, question);
  return {
    path: pathOf(rawPath),
    queryString: question < 0 ? undefined : target.slice(question + 1),
  };
}

function withoutOrigin(rawUrl: string): string {
  const target = rawUrl.replace(ABSOLUTE_FORM, '');
  if (target.startsWith('/')) return target;
  // `http://host` and `http://host?a=b` mean the root.
  if (target !== rawUrl) return `/${target}`;
  throw new BadRequest('The request target is not a path');
}

function pathOf(rawPath: string): string {
  if (rawPath.includes('\\') || FORBIDDEN_ESCAPE.test(rawPath)) {
    throw new BadRequest('The path holds a backslash, an encoded slash or NUL');
  }
  const segments = decode(rawPath)
    .split('/')
    .filter((segment) => segment !== '');
  segments.forEach(assertSegment);
  return `/${segments.join('/')}`;
}

function decode(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    throw new BadRequest('The path holds a broken percent escape');
  }
}

function assertSegment(segment: string): void {
  if (segment === '.' || segment === '..') throw new BadRequest('The path holds a dot segment');
  if (!SEGMENT.test(segment)) {
    throw new BadRequest('The path holds a character other than letters, digits and -._~$*:@');
  }
}
