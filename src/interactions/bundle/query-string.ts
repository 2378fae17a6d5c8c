import type { QueryParams } from '../search/parse-search.js';

/** Parameters as the query of a URL; `undefined` without any. */
export function queryStringOf(query: QueryParams): string | undefined {
  const pairs = Object.entries(query).flatMap(([name, given]) =>
    [given].flat().map((value): [string, string] => [name, value]),
  );
  return pairs.length === 0 ? undefined : new URLSearchParams(pairs).toString();
}
