import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import {
  EntryAuthorizer,
  type EntryDecisions,
  type EntryRequest,
} from '../interactions/bundle/entry-authorizer.js';
import { bodyOf } from '../interactions/formats/json.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import type { AccessRequest } from '../policy/access-request.js';
import { accessRequest } from './access-request.js';
import { Authorizer } from './authorizer.js';
import type { IncomingRequest } from './incoming-request.js';
import type { Route } from './route.js';

/** The request that a Bundle came with, and who sent it. */
export interface BundleOrigin {
  readonly incoming: IncomingRequest;
  readonly caller: Caller;
}

const ORIGINS = new WeakMap<InteractionRequest, BundleOrigin>();

/** Lets the entries of a Bundle be decided for the caller whom the guard has let through. */
export function rememberOrigin(bundle: InteractionRequest, origin: BundleOrigin): void {
  ORIGINS.set(bundle, origin);
}

/** Decides Bundle entries as the guard decides requests: same caller, same headers, same policies. */
@Injectable()
export class PolicyEntryAuthorizer extends EntryAuthorizer {
  constructor(
    private readonly policies: PolicyRegistry,
    private readonly authorizer: Authorizer,
  ) {
    super();
  }

  snapshot(bundle: InteractionRequest): EntryDecisions {
    const origin = ORIGINS.get(bundle);
    // Only the guard records it: entries of a request that it did not decide must not run.
    if (!origin) throw new Error('A Bundle reached its handler without a decision');
    const policies = this.policies.current();
    return {
      refusalOf: (entry) => {
        const { incoming, caller } = origin;
        const request = requestFor(entry, origin);
        return this.authorizer.refusalOf(incoming.id, request, caller, entry.isSystem, policies);
      },
    };
  }
}

/** What policies see of an entry: its own request, under the headers and the caller of the Bundle. */
function requestFor(entry: EntryRequest, { incoming, caller }: BundleOrigin): AccessRequest {
  const { method, path, queryString, query, routeParams, operation, isSystem, body } = entry;
  const own = { ...incoming, method, path, queryString, query, routeParams: { ...routeParams } };
  const route: Route = {
    isPublic: false,
    operation,
    systemType: isSystem ? routeParams.type : undefined,
    isForAdministrators: false,
    isForOperators: false,
  };
  return accessRequest(own, route, caller, body === undefined ? undefined : bodyOf(body));
}
