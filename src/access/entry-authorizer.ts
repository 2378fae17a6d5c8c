import { Injectable } from '@nestjs/common';
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
import { AccessSettings } from './access-settings.js';
import { Authorizer } from './authorizer.js';
import { includedTypes, SearchReach } from './included-types.js';
import { originOf, type GuardedRequest } from './guarded-request.js';
import type { Route } from './route.js';

/** Decides what is within a request as the guard decides requests: same caller, headers and policies. */
@Injectable()
export class PolicyEntryAuthorizer extends EntryAuthorizer {
  constructor(
    private readonly policies: PolicyRegistry,
    private readonly authorizer: Authorizer,
    private readonly settings: AccessSettings,
    private readonly reach: SearchReach,
  ) {
    super();
  }

  snapshot(outer: InteractionRequest): EntryDecisions {
    const origin = originOf(outer);
    const policies = this.policies.current();
    return {
      decidesInlineSearches: this.settings.decidesInlineSearches,
      refusalOf: (entry) => {
        const { incoming, caller } = origin;
        const request = requestFor(entry, origin, this.reach);
        return this.authorizer.refusalOf(incoming.id, request, caller, entry.isSystem, policies);
      },
    };
  }
}

/** What policies see of an entry: its own request, under the headers and the caller of the outer one. */
function requestFor(
  entry: EntryRequest,
  { incoming, caller }: GuardedRequest,
  reach: SearchReach,
): AccessRequest {
  const { method, path, queryString, query, routeParams, operation, isSystem, body } = entry;
  const own = {
    ...incoming,
    ...{ method, path, queryString, query, routeParams: { ...routeParams } },
    includedTypes: includedTypes(entry, reach),
  };
  const route: Route = {
    isPublic: false,
    operation,
    systemType: isSystem ? routeParams.type : undefined,
    isForAdministrators: false,
    isForOperators: false,
  };
  return accessRequest(own, route, caller, body === undefined ? undefined : bodyOf(body));
}
