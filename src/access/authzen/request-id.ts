import { CLIENT_REQUEST_ID } from '../correlation-id.js';

/** Under which the server's own request id is answered where `x-request-id` is the client's. */
export const OWN_REQUEST_ID = 'wardgate-request-id';

const EVALUATIONS = /^\/access\/v1\/evaluations?(?:$|\?)/;

/**
 * The headers by which an answer is found again. Everywhere the id is the server's own, so that nobody
 * picks that of another's decision; callers of the Authorization API are answered theirs (AuthZEN
 * §10.1.7) and the server's beside it.
 *
 * @param url canonical
 */
export function requestIdHeaders(
  url: string,
  ownId: string,
  clientId: string | readonly string[] | undefined,
): Readonly<Record<string, string>> {
  const isTaken = typeof clientId === 'string' && CLIENT_REQUEST_ID.test(clientId);
  if (!isTaken || !EVALUATIONS.test(url)) return { 'x-request-id': ownId };
  return { 'x-request-id': clientId, [OWN_REQUEST_ID]: ownId };
}
