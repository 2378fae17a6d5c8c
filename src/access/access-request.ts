import type { ParsedBody } from '../interactions/formats/json.js';
import type { Caller } from '../identity/caller.js';
import { prune, type AccessRequest } from '../policy/access-request.js';
import type { Json, JsonObject } from '../policy/json.js';
import { mapHeaders, type Headers } from './http/headers.js';
import { redactHeaders } from './http/redact-headers.js';
import { inFamilyFormat } from './family-format.js';
import type { IncomingRequest } from './incoming-request.js';
import { IMPERSONATION_HEADER } from './impersonation-header.js';
import type { Route } from './route.js';

/** Names under which policies know the parameters of a route (spec §7); others keep their own. */
const ROUTE_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['type', 'resource/type'],
  ['id', 'resource/id'],
  // A name that no search parameter can have.
  ['member', 'compartment/type'],
  // Of an operation of FHIR, without `$`.
  ['operation', 'operation/name'],
]);

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
  const request: Record<string, Json> = {
    'request-method': incoming.method,
    scheme: peer.scheme,
    uri: incoming.path,
  };
  show(request, 'query-string', incoming.queryString);
  show(request, 'params', {
    ...incoming.query,
    ...routeParameters(incoming.routeParams, route),
    'included/type': incoming.includedTypes,
  });
  show(request, 'headers', withoutImpersonation(redactHeaders(peer.headers)));
  show(request, 'remote-addr', peer.remoteAddr);
  if (route.operation !== undefined) request['operation'] = { id: route.operation };
  show(request, 'body', bodyAsSeen(incoming, route, body));
  if (request['body'] !== undefined) request['resource'] = request['body'];
  return addSubject(request, caller);
}

/** Shows a value without what is empty in it, and not at all if nothing is left. */
function show(request: Record<string, Json>, name: string, value: Json | undefined): void {
  const pruned = value === undefined ? undefined : prune(value);
  if (pruned !== undefined) request[name] = pruned;
}

/** The parameters of a route under the names by which policies know them. */
export function routeParameters(
  routeParams: IncomingRequest['routeParams'],
  route: Route,
): JsonObject {
  const named: Record<string, Json> = {};
  for (const name of Object.keys(routeParams)) {
    if (name === '*' || name === 'path') continue;
    named[ROUTE_PARAMETERS.get(name) ?? name] = routeParams[name] ?? '';
  }
  if (route.systemType !== undefined) named['resource/type'] = route.systemType;
  return named;
}

/** Who is acted as shows in `user`, `role` and `client`; that it is by impersonation changes nothing. */
function withoutImpersonation(headers: Headers): Headers {
  if (!Object.hasOwn(headers, IMPERSONATION_HEADER)) return headers;
  return mapHeaders(headers, (name, value) => (name === IMPERSONATION_HEADER ? undefined : value));
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
function addSubject(
  request: Record<string, Json>,
  { user, roles, client, jwt, token }: Caller,
): AccessRequest {
  if (jwt) showClaims(request, 'jwt', jwt);
  if (token) showClaims(request, 'token', token);
  if (user) request['user'] = user;
  if (roles.length > 0) {
    request['role'] = roles;
    request['session'] = { role: roles };
  }
  if (client) request['client'] = client;
  return request;
}

const PRUNED_CLAIMS = new WeakMap<JsonObject, Json>();

function showClaims(request: Record<string, Json>, name: string, claims: JsonObject): void {
  // Frozen by whoever verified them, so what was found once stays true.
  const pruned = PRUNED_CLAIMS.get(claims) ?? prune(claims);
  if (pruned === undefined) return;
  PRUNED_CLAIMS.set(claims, pruned);
  request[name] = pruned;
}
