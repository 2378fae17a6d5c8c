import type { AccessRequest } from '../policy/access-request.js';
import { own } from '../policy/json.js';

/** The client's own id of the request, which is believed by nobody but helps to find it in both logs. */
export function correlationIdOf({ headers }: AccessRequest): string | undefined {
  const value = own(headers, 'x-request-id');
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined;
}
