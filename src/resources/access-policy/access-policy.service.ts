import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { accessPolicyDefinition } from './access-policy.definition.js';
import { KnownRequests } from './known-requests.js';
import { RoleNames } from './role-names.js';

/** The interactions on AccessPolicy. */
@Injectable()
export class AccessPolicyService extends SystemResourceService {
  constructor(context: SystemResourceContext, requests: KnownRequests, roles: RoleNames) {
    super(accessPolicyDefinition({ requests, roles }), context);
  }
}
