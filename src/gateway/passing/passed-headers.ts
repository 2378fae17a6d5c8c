import type { InteractionRequest } from '../../interactions/http/interaction-request.js';

/** Headers of an answer that pass; those of security, connections, cookies and caches are Wardgate's own. */
const ANSWER_HEADERS = [
  ...['etag', 'last-modified', 'retry-after', 'preference-applied', 'x-progress'],
] as const;

/** Preconditions and preferences of a request, as headers for the upstream. */
export function passedHeaders({
  ifMatch,
  ifNoneMatch,
  prefer,
}: Pick<InteractionRequest, 'ifMatch' | 'ifNoneMatch' | 'prefer'>): Record<string, string> {
  return {
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
    ...(prefer === undefined ? {} : { prefer }),
  };
}

/** Those of an answer that pass as they are. */
export function passedAnswerHeaders(
  headers: Readonly<Record<string, string | string[]>>,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of ANSWER_HEADERS) {
    const value = headers[name];
    // A repeated header is no answer to rely on, and none of these is a list.
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
}
