import type { QueryParams } from '../search/parse-search.js';
import type { SearchPage } from '../search/search-query.js';
import type { Answer } from './answer.js';
import { bundleText, searchEntry } from './bundle-text.js';

/** Where a search was asked. */
export interface SearchAddress {
  /** Base of the routes, without a trailing slash. */
  readonly base: string;
  /** What follows the base, such as `/Patient`; empty for a search of several types. */
  readonly path: string;
}

/**
 * The Bundle that answers a search.
 *
 * @param texts the matches as they are shown; what is included is of clinical types, shown as they are
 */
export function searchAnswer(
  page: SearchPage,
  texts: readonly string[],
  params: QueryParams,
  address: SearchAddress,
): Answer {
  const url = (type: string, id: string) => `${address.base}/${type}/${id}`;
  const entries = [
    ...page.matches.map(({ type, id }, at) =>
      searchEntry('match', url(type, id), texts[at] ?? 'null'),
    ),
    ...page.included.map(({ type, id, text }) => searchEntry('include', url(type, id), text)),
  ];
  const links = [{ relation: 'self', url: pageUrl(params, address) }];
  if (page.next !== undefined) {
    links.push({ relation: 'next', url: pageUrl(params, address, page.next) });
  }
  const text = bundleText({ type: 'searchset', total: page.total, links, entries });
  return { status: 200, headers: {}, text };
}

/** @param after instead of that of the parameters */
function pageUrl(params: QueryParams, { base, path }: SearchAddress, after?: string): string {
  const query = new URLSearchParams();
  for (const [name, given] of Object.entries(params)) {
    if (name === '_after' && after !== undefined) continue;
    for (const value of [given].flat()) query.append(name, value);
  }
  if (after !== undefined) query.append('_after', after);
  const text = query.toString();
  return text === '' ? `${base}${path}` : `${base}${path}?${text}`;
}
