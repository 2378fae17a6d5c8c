import type { UpstreamPage, UpstreamRequest } from '../upstream/upstream.js';

/** Last segments of what is asked for with POST, and changes nothing. */
const QUESTIONS: ReadonlySet<string | undefined> = new Set(['_search', '$validate', '$everything']);

/** Whether a request may change something; of batches and named operations that is not known. */
export function isChange(request: UpstreamRequest | UpstreamPage): boolean {
  const { method = 'GET' } = request;
  if (method === 'GET' || method === 'HEAD') return false;
  return !('path' in request && QUESTIONS.has(request.path.at(-1)));
}
