import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { accessPolicyDefinition } from './access-policy.definition.js';
import { KnownRequests } from './known-requests.js';
import { RoleNames } from './role-names.js';
import { SqlPolicies } from './sql/sql-policies.js';

/** The interactions on AccessPolicy. */
@Injectable()
export class AccessPolicyService extends SystemResourceService {
  constructor(
    context: SystemResourceContext,
    requests: KnownRequests,
    roles: RoleNames,
    sql: SqlPolicies,
  ) {
    super(accessPolicyDefinition({ requests, roles, sql }), context);
  }
}
