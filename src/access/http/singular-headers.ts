import type { IncomingMessage } from 'node:http';
import { BadRequest } from '../../errors/fhir-error.js';

/**
 * Of some Node keeps the first, what else reads the request may keep the last; others it joins with commas,
 * which in criteria stand between alternatives.
 */
const SINGULAR = ['host', 'content-type', 'if-none-exist'] as const;

/**
 * Checks that the headers which say what a request is are there once.
 *
 * @throws BadRequest (400) for a repeated `Host`, `Content-Type` or `If-None-Exist`, and for HTTP/1.1 without `Host`
 * (RFC 9112 §3.2).
 */
export function assertSingularHeaders(
  request: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>,
): void {
  const names = request.rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase());
  for (const name of SINGULAR) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new BadRequest(`There is more than one ${name} header`);
    }
  }
  if (request.httpVersion === '1.1' && !names.includes('host')) {
    throw new BadRequest('The request has no Host header');
  }
}
