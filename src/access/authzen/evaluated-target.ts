import { FhirError } from '../../errors/fhir-error.js';
import { readParams, type Params } from '../../interactions/http/query-params.js';
import type { JsonObject } from '../../policy/json.js';
import { canonicalPath } from '../http/canonical-path.js';
import type { Route } from '../route.js';
import type { RegisteredRoute } from '../routes/registered-routes.js';
import type { RouteTable } from '../routes/route-table.js';
import { shownParameters } from '../shown-parameters.js';
import type { Evaluation } from './evaluation.js';

/** Where the request would go that an evaluation asks about; as much of it as can be said. */
export interface EvaluatedTarget {
  /** Lower case. */
  readonly method?: string;
  /** Canonical. */
  readonly path?: string;
  readonly queryString?: string;
  readonly operation?: string;
  readonly params: JsonObject;
  /** Every route that it might be; without one, nothing of this server is asked for. */
  readonly routes: readonly Route[];
}

const METHOD = /^(?:get|head|post|put|patch|delete)$/i;
const RESOURCE_TYPE = /^[A-Z][A-Za-z]{0,63}$/;
const SEGMENT = /^[A-Za-z0-9\-.]{1,64}$/;

/** Interactions of FHIR by their names there, for resources whose type is written as FHIR writes one. */
const INTERACTIONS: ReadonlyMap<string, string> = new Map([
  ['read', 'FhirRead'],
  ['vread', 'FhirVread'],
  ['search', 'FhirSearch'],
  ['create', 'FhirCreate'],
  ['update', 'FhirUpdate'],
  ['patch', 'FhirPatch'],
  ['delete', 'FhirDelete'],
  ['history', 'FhirHistory'],
]);

/**
 * Finds what an action on a resource is here. An action is named by an operation id, by an interaction
 * of FHIR, or by an HTTP method; with a method, a resource id that begins with `/` is a path. Any other
 * action is none of this server's, and only what the evaluation says itself is to be decided by.
 */
export function evaluatedTarget(
  { action: { name }, resource }: Pick<Evaluation, 'action' | 'resource'>,
  table: RouteTable,
): EvaluatedTarget {
  const spoken = { params: spokenOf(resource), routes: [] };
  const isFhir = RESOURCE_TYPE.test(resource.type);
  const operation = (isFhir ? INTERACTIONS.get(name) : undefined) ?? name;
  const routes = table.routes().filter(({ route }) => route.operation === operation);
  if (routes.length > 0) return ofOperation(operation, routes, resource, table);
  if (!METHOD.test(name)) return spoken;
  return ofAddress(name, addressOf(name, resource), table) ?? spoken;
}

function ofOperation(
  operation: string,
  routes: readonly RegisteredRoute[],
  resource: Evaluation['resource'],
  table: RouteTable,
): EvaluatedTarget {
  const possible = routes.filter(
    ({ route: { systemType } }) => systemType === undefined || systemType === resource.type,
  );
  const addresses = possible.flatMap(({ method, path }) => {
    const address = filled(path, resource);
    return address === undefined ? [] : [{ method, address }];
  });
  // The route of a type wins over that of all types, as in the router.
  const [first] = addresses.sort((one, other) => rank(one) - rank(other));
  const found = first && ofAddress(first.method, first.address, table);
  if (found?.operation === operation) return found;
  const candidates = possible.length > 0 ? possible : routes;
  return {
    operation,
    params: spokenOf(resource),
    routes: candidates.map(({ route }) => route),
  };
}

/** Reads below /fhir come first: that is how clients ask; forms of a search come last. */
function rank({ method, address }: { readonly method: string; readonly address: string }): number {
  return (address.startsWith('/fhir/') ? 0 : 2) + (method === 'GET' ? 0 : 1);
}

/** The path of a route with its parameters taken from the resource; `undefined` if it needs more. */
function filled(path: string, { type, id }: Evaluation['resource']): string | undefined {
  const values: Readonly<Record<string, string>> = { ':type': type, ':id': id };
  const segments = path.split('/').map((segment) => {
    if (!segment.startsWith(':')) return segment.includes('*') ? undefined : segment;
    const value = Object.hasOwn(values, segment) ? values[segment] : undefined;
    return value !== undefined && SEGMENT.test(value) ? value : undefined;
  });
  return segments.includes(undefined) ? undefined : segments.join('/');
}

function addressOf(method: string, { type, id }: Evaluation['resource']): string | undefined {
  if (id.startsWith('/')) return id;
  if (!RESOURCE_TYPE.test(type)) return undefined;
  if (/^post$/i.test(method)) return `/fhir/${type}`;
  return SEGMENT.test(id) ? `/fhir/${type}/${id}` : undefined;
}

function ofAddress(
  method: string,
  address: string | undefined,
  table: RouteTable,
): EvaluatedTarget | undefined {
  const target = address === undefined ? undefined : canonical(address);
  if (!target) return undefined;
  const { path, queryString, query } = target;
  const resolved = table.resolve(method, path);
  const asked = queryString === undefined ? {} : { queryString };
  const where = { method: method.toLowerCase(), path, ...asked };
  if (!resolved) return { ...where, params: query, routes: [] };
  const { route } = resolved;
  return {
    ...where,
    ...(route.operation === undefined ? {} : { operation: route.operation }),
    params: shownParameters(resolved, query, table.reach),
    routes: [route],
  };
}

/** `undefined` for what no request could be sent to. */
function canonical(
  address: string,
): { path: string; queryString: string | undefined; query: Params } | undefined {
  try {
    const { path, queryString } = canonicalPath(address);
    return { path, queryString, query: readParams(queryString) };
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}

function spokenOf({ type, id }: Evaluation['resource']): JsonObject {
  return { 'resource/type': type, 'resource/id': id };
}
