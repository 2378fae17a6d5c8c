import type { Params } from '../interactions/http/query-params.js';

/** Tells where searches of clinical types lead; implemented where search parameters are known. */
export abstract class SearchReach {
  /**
   * @param types those that are searched for
   * @returns each type once; none for what cannot be read, which is refused when it is carried out
   */
  abstract typesReachedBy(query: Params, types: readonly string[]): readonly string[];
}

/** As much of a request as tells what it searches. */
export interface SearchedRequest {
  readonly operation: string | undefined;
  readonly routeParams: {
    readonly type?: string | undefined;
    readonly member?: string | undefined;
  };
  readonly query: Params;
}

/** As many types as one search takes. */
const MAX_TYPES = 50;

const NONE: readonly string[] = Object.freeze([]);

/** Operations that search, or pick by criteria, with where the searched type stands. */
const SEARCHED: ReadonlyMap<string, 'type' | 'member' | '_type'> = new Map([
  ['FhirSearch', 'type'],
  ['FhirConditionalUpdate', 'type'],
  ['FhirConditionalPatch', 'type'],
  ['FhirConditionalDelete', 'type'],
  ['FhirCompartmentSearch', 'member'],
  ['FhirSystemSearch', '_type'],
]);

/**
 * The types beyond those it names that a search leads to, by chains, `_has` and includes, as policies see
 * them in `params.included/type` (spec §9); none for what is no search of clinical types.
 */
export function includedTypes(request: SearchedRequest, reach: SearchReach): readonly string[] {
  const place = SEARCHED.get(request.operation ?? '');
  if (place === undefined) return NONE;
  const { _type: named, ...query } = request.query;
  if (place === '_type') return ofSeveral(named, query, reach);
  const type = request.routeParams[place];
  // The routes of a system resource have no parameter for the type, and its searches lead nowhere.
  return type === undefined ? NONE : reach.typesReachedBy(request.query, [type]);
}

function ofSeveral(named: Params[string] | undefined, query: Params, reach: SearchReach) {
  const types = typeof named === 'string' ? [...new Set(named.split(','))] : [];
  return types.length > MAX_TYPES ? NONE : reach.typesReachedBy(query, types);
}
