import type { Params } from '../interactions/http/query-params.js';
import type { JsonObject } from '../policy/json.js';
import { routeParameters } from './access-request.js';
import { includedTypes, type SearchReach } from './included-types.js';
import type { ResolvedRoute } from './routes/route-finder.js';

/** The parameters of a request that goes to a route, as policies would see them. */
export function shownParameters(
  { route, routeParams }: ResolvedRoute,
  query: Params,
  reach: SearchReach,
): JsonObject {
  const included = includedTypes({ operation: route.operation, routeParams, query }, reach);
  return {
    ...query,
    ...routeParameters(routeParams, route),
    ...(included.length === 0 ? {} : { 'included/type': included }),
  };
}
