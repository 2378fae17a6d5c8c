import { BadRequest } from '../../errors/fhir-error.js';
import { parseCount, single, type QueryParams } from '../../interactions/search/parse-search.js';
import { parsePeriod } from '../../interactions/search/period.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { encodedPairs, pairsOf, type QueryPair } from './query-pairs.js';

/** Answered in one way here, whatever was asked for; the interceptor renders it. */
const RENDERING: ReadonlySet<string> = new Set(['_format', '_pretty']);
/** Characters of a query beyond which it is sent as a form: servers bound their URLs. */
const MAX_QUERY = 2000;

/**
 * A search that was understood, for the upstream, which is told to refuse what it does not understand
 * (FHIR R4, Search §3.1.1.3.2): a policy may have been satisfied by it.
 *
 * @param path what is searched: a type, a compartment, or nothing for several types
 * @param query parameters that the parser of searches has taken
 * @throws BadRequest 400 as {@link searchPairs} does
 */
export function searchRequest(
  path: readonly string[],
  query: QueryParams,
  method = 'GET',
): UpstreamRequest {
  const pairs = searchPairs(query);
  const headers = { prefer: 'handling=strict' };
  const form = encodedPairs(pairs);
  if (form.length <= MAX_QUERY) return { method: reading(method), path, query: pairs, headers };
  return {
    method: 'POST',
    path: [...path, '_search'],
    query: [],
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  };
}

/**
 * @throws BadRequest 400 for the cursor of the built-in store, which means nothing elsewhere, and for includes
 * by every parameter: the upstream may have more of them than are known here
 */
export function searchPairs(query: QueryParams): readonly QueryPair[] {
  for (const [name, value] of pairsOf(query)) {
    if (!/^_(?:rev)?include/.test(name) || !value.includes('*')) continue;
    throw new BadRequest(`${name} names its parameters here, without *`, 'not-supported', name);
  }
  if (Object.hasOwn(query, '_after')) {
    throw new BadRequest('_after is not one of this search’s own paging links', 'value', '_after');
  }
  return pairsOf(query).filter(([name]) => !RENDERING.has(name));
}

/**
 * A history for the upstream.
 *
 * @param path of the type or the resource
 * @throws BadRequest 400 as {@link historyPairs} does
 */
export function historyRequest(
  path: readonly string[],
  query: QueryParams,
  method = 'GET',
): UpstreamRequest {
  return {
    method: reading(method),
    path: [...path, '_history'],
    query: historyPairs(query),
    headers: {},
  };
}

/** @throws BadRequest 400 for parameters but `_count` and `_since` (FHIR R4, RESTful API §3.1.0.14) */
export function historyPairs(query: QueryParams): readonly QueryPair[] {
  return Object.entries(query).flatMap(([name, given]): QueryPair[] =>
    RENDERING.has(name) ? [] : [[name, historyValue(name, single(name, given))]],
  );
}

function historyValue(name: string, value: string): string {
  if (name === '_count') return String(parseCount(value));
  if (name === '_since') {
    parsePeriod(value);
    return value;
  }
  throw new BadRequest(
    `History takes _count and _since, not ${name.slice(0, 100)}`,
    'not-supported',
  );
}

function reading(method: string): 'GET' | 'HEAD' {
  return method === 'HEAD' ? 'HEAD' : 'GET';
}
