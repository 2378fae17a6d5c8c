import { pairsOf, type QueryPair } from '../requests/query-pairs.js';
import type { ContinuedRequest } from './sealed-links.js';

/** Whether a link only repeats the request, as `self` does on the first page. */
export function isSameRequest(url: URL, upstream: URL, { path, query }: ContinuedRequest): boolean {
  const own = `${upstream.pathname.replace(/\/+$/, '')}${path}`;
  return url.pathname === own && textOf(pairsOf(query)) === textOf([...url.searchParams]);
}

/** Equal for equal pairs in any order, and only for them. */
function textOf(pairs: readonly QueryPair[]): string {
  return JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
}
