import type { AccessRequest } from '../policy/access-request.js';
import { own } from '../policy/json.js';

/** What a client's id of a request may be for it to be logged or answered. */
export const CLIENT_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The client's own id of the request, which is believed by nobody but helps to find it in both logs. */
export function correlationIdOf({ headers }: AccessRequest): string | undefined {
  const value = own(headers, 'x-request-id');
  return typeof value === 'string' && CLIENT_REQUEST_ID.test(value) ? value : undefined;
}
