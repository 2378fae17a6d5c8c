import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { AccessPolicyDto } from './access-policy.dto.js';
import { ACCESS_POLICY_EXAMPLES } from './access-policy.examples.js';
import { AccessPolicyService } from './access-policy.service.js';

/** The routes of AccessPolicy. */
@SystemResourceController('AccessPolicy')
export class AccessPolicyController extends systemResourceRoutes(
  AccessPolicyDto,
  ACCESS_POLICY_EXAMPLES,
) {
  constructor(protected readonly service: AccessPolicyService) {
    super();
  }
}
