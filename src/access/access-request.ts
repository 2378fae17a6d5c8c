import type { ParsedBody } from '../interactions/formats/json.js';
import type { Caller } from '../identity/caller.js';
import { prune, type AccessRequest } from '../policy/access-request.js';
import { isObject, type Json, type JsonObject } from '../policy/json.js';
import { redactHeaders, type Headers } from './http/redact-headers.js';
import { inFamilyFormat } from './family-format.js';
import type { IncomingRequest } from './incoming-request.js';
import { IMPERSONATION_HEADER } from './impersonation-header.js';
import type { Route } from './route.js';

/** Names under which policies know the parameters of a route (spec §7); others keep their own. */
const ROUTE_PARAMETERS: Readonly<Record<string, string>> = {
  type: 'resource/type',
  id: 'resource/id',
};

/**
 * What policies see of a request: nothing else reaches them (spec §7, request object).
 *
 * Route parameters win over query parameters, which cannot be named like them in the first place.
 */
export function accessRequest(
  incoming: IncomingRequest,
  route: Route,
  caller: Caller,
  body: ParsedBody | undefined,
): AccessRequest {
  const { peer } = incoming;
  const resource = prune(bodyAsSeen(incoming, route, body));
  const arrived = prune({
    'request-method': incoming.method,
    scheme: peer.scheme,
    uri: incoming.path,
    'query-string': incoming.queryString ?? '',
    params: { ...incoming.query, ...routeParameters(incoming.routeParams, route) },
    headers: redactHeaders(withoutImpersonation(peer.headers)),
    'remote-addr': peer.remoteAddr,
    operation: route.operation === undefined ? {} : { id: route.operation },
  });
  return {
    ...(isObject(arrived) ? arrived : {}),
    ...(resource === undefined ? {} : { body: resource, resource }),
    ...subject(caller),
  };
}

/** The parameters of a route under the names by which policies know them. */
export function routeParameters(
  routeParams: IncomingRequest['routeParams'],
  route: Route,
): JsonObject {
  const named = Object.entries(routeParams)
    .filter(([name]) => name !== '*' && name !== 'path')
    .map(([name, value]) => [ROUTE_PARAMETERS[name] ?? name, value]);
  const type = route.systemType === undefined ? {} : { 'resource/type': route.systemType };
  return { ...Object.fromEntries(named), ...type } as JsonObject;
}

/** Who is acted as shows in `user`, `role` and `client`; that it is by impersonation changes nothing. */
function withoutImpersonation(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== IMPERSONATION_HEADER),
  );
}

/** A patch document is no resource: what looks like a reference in it is a value to be written. */
function bodyAsSeen(
  { method, family, routeParams }: IncomingRequest,
  route: Route,
  body: ParsedBody | undefined,
): Json {
  if (body === undefined || method === 'patch') return body?.value ?? null;
  return inFamilyFormat(body, family, route.systemType ?? routeParams['type']);
}

/** Users, roles and clients come without empty values; claims, which every request shares, lose them once. */
function subject({ user, roles, client, jwt, token }: Caller): Record<string, Json> {
  return {
    ...(jwt ? prunedClaims('jwt', jwt) : {}),
    ...(token ? prunedClaims('token', token) : {}),
    ...(user ? { user } : {}),
    ...(roles.length > 0 ? { role: roles, session: { role: roles } } : {}),
    ...(client ? { client } : {}),
  };
}

const PRUNED_CLAIMS = new WeakMap<JsonObject, Json>();

function prunedClaims(name: string, claims: JsonObject): Record<string, Json> {
  // Frozen by whoever verified them, so what was found once stays true.
  const pruned = PRUNED_CLAIMS.get(claims) ?? prune(claims);
  if (pruned === undefined) return {};
  PRUNED_CLAIMS.set(claims, pruned);
  return { [name]: pruned };
}
