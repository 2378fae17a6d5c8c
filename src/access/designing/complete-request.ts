import { Injectable } from '@nestjs/common';
import { prune } from '../../policy/access-request.js';
import { isObject, own, ownString, type Json, type JsonObject } from '../../policy/json.js';
import type { CompletedRequest } from '../../policy/run-test.js';
import type { SearchReach } from '../included-types.js';
import { isAdministration } from '../route.js';
import type { ResolvedRoute, RouteFinder } from '../routes/route-finder.js';
import { RouteTable } from '../routes/route-table.js';
import { shownParameters } from '../shown-parameters.js';
import { TrialSubjects } from './trial-subject.js';
import { trialHeaders, trialTarget, type TrialTarget } from './trial-request.js';

const SHORTHANDS: ReadonlySet<string> = new Set(['user-id', 'client-id']);

/** Makes a request object of what is written of a request, as if it had arrived (spec §8). */
@Injectable()
export class RequestCompletion {
  constructor(
    private readonly table: RouteTable,
    private readonly subjects: TrialSubjects,
  ) {}

  /**
   * Adds what the server would: operation and route parameters, claims, user, roles and client. What
   * the request brings itself is used as given.
   *
   * @throws InvalidResource 422 for what no request could be.
   */
  async complete(written: JsonObject): Promise<CompletedRequest> {
    return completedRequest(written, await this.subjects.of(written), this.table);
  }
}

/** The routes that a request may go to. */
export type Routes = Pick<RouteFinder, 'reach' | 'resolve' | 'routes'>;

/**
 * The same for a subject that is known.
 *
 * @param subject user, roles and client, which what the request brings itself wins over
 * @throws InvalidResource 422 for what no request could be.
 */
export function completedRequest(
  written: JsonObject,
  subject: JsonObject,
  routes: Routes,
): CompletedRequest {
  const target = trialTarget(written);
  const { headers, jwt } = trialHeaders(written);
  const { path, method } = target;
  const resolved = path === undefined ? undefined : routes.resolve(method, path);
  const request = {
    ...fromTarget(target, resolved, routes.reach),
    ...fromBody(written),
    ...(jwt ? { jwt } : {}),
    ...subject,
    ...asGiven(written),
    ...normalized(written, target),
    headers: headers as JsonObject,
  };
  const pruned = prune(request);
  return {
    request: isObject(pruned) ? pruned : {},
    isAdministration: isAdministrationOf(resolved, request, routes),
  };
}

// The type may be written without a uri; the rule for its routes must hold then too.
function isAdministrationOf(
  resolved: ResolvedRoute | undefined,
  request: JsonObject,
  routes: Routes,
): boolean {
  if (resolved && isAdministration(resolved.route)) return true;
  const type = ownString(own(request, 'params'), 'resource/type');
  return routes.routes().some(({ route }) => type !== undefined && route.systemType === type);
}

function fromTarget(
  { params }: TrialTarget,
  resolved: ResolvedRoute | undefined,
  reach: SearchReach,
): Record<string, Json> {
  if (!resolved) return { params };
  const { route } = resolved;
  return {
    params: shownParameters(resolved, params, reach),
    ...(route.operation === undefined ? {} : { operation: { id: route.operation } }),
  };
}

/** One body under both names. */
function fromBody(written: JsonObject): Record<string, Json> {
  const body = own(written, 'body') ?? own(written, 'resource');
  const resource = own(written, 'resource') ?? body;
  return {
    ...(body === undefined ? {} : { body }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function asGiven(written: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(written).filter(([name]) => !SHORTHANDS.has(name)));
}

/** What every request object has in one spelling only, however it was written. */
function normalized(written: JsonObject, target: TrialTarget): Record<string, Json> {
  const isMethodGiven = own(written, 'request-method') !== undefined || target.path !== undefined;
  return {
    ...(isMethodGiven ? { 'request-method': target.method } : {}),
    uri: target.path ?? null,
    'query-string': target.queryString ?? null,
  };
}
