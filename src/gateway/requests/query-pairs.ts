import type { QueryParams } from '../../interactions/search/parse-search.js';

/** A parameter, decoded. */
export type QueryPair = readonly [name: string, value: string];

/** Parameters as pairs, in order. */
export function pairsOf(query: QueryParams): readonly QueryPair[] {
  return Object.entries(query).flatMap(([name, given]) =>
    [given].flat().map((value): QueryPair => [name, value]),
  );
}

/**
 * Pairs as the query of a URL, without a question mark; empty without any. A blank is `%20`: some servers take a
 * plus sign in criteria for itself.
 */
export function encodedPairs(pairs: readonly QueryPair[]): string {
  const text = new URLSearchParams(
    pairs.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  return text.replaceAll('+', '%20');
}
