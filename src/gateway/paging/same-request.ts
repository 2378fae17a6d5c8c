import { pairsOf, type QueryPair } from '../requests/query-pairs.js';
import type { ContinuedRequest } from './sealed-links.js';

/**
 * Whether a link only repeats the request, as `self` does on the first page. After a form it may be the address of
 * the form, and lack what was in it, as that of HAPI FHIR: followed as a page, it would be a search for everything.
 */
export function isSameRequest(url: URL, upstream: URL, { path, query }: ContinuedRequest): boolean {
  const own = `${upstream.pathname.replace(/\/+$/, '')}${path}`;
  if (url.pathname !== own && url.pathname !== `${own}/_search`) return false;
  const given = [...url.searchParams];
  return given.length === 0 || textOf(given) === textOf(pairsOf(query));
}

/** Equal for equal pairs in any order, and only for them. */
function textOf(pairs: readonly QueryPair[]): string {
  return JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
}
