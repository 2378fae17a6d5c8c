import type { IncomingMessage } from 'node:http';
import { canonicalPath, type CanonicalTarget } from './canonical-path.js';

type Reading = { readonly target: CanonicalTarget } | { readonly refusal: unknown };

const READINGS = new WeakMap<IncomingMessage, Reading>();

/**
 * Gives the router the canonical target in place of what was sent, so that router and policies cannot
 * read one request in two ways (spec §1). A target that has none is refused by {@link targetOf}.
 */
export function rewriteToCanonical(request: IncomingMessage): string {
  const reading = read(request.url ?? '/');
  READINGS.set(request, reading);
  if ('refusal' in reading) return '/';
  const { path, queryString } = reading.target;
  return queryString === undefined ? path : `${path}?${queryString}`;
}

/** @throws FhirError 400 or 414 when the request's target has no canonical form. */
export function targetOf(request: IncomingMessage): CanonicalTarget {
  const reading = READINGS.get(request);
  if (!reading) throw new Error('The request did not come through the canonical routing');
  if ('refusal' in reading) throw reading.refusal;
  return reading.target;
}

function read(url: string): Reading {
  try {
    return { target: canonicalPath(url) };
  } catch (refusal) {
    return { refusal };
  }
}
