import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { AccessPolicyDto } from './access-policy.dto.js';
import { AccessPolicyService } from './access-policy.service.js';

/** The routes of AccessPolicy. */
@SystemResourceController('AccessPolicy')
export class AccessPolicyController extends systemResourceRoutes(AccessPolicyDto) {
  constructor(protected readonly service: AccessPolicyService) {
    super();
  }
}
