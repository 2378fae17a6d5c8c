import { SystemResourceController, systemResourceRoutes } from '../definition/system-resource-routes.js';
import { AccessPolicyDto } from './access-policy.dto.js';
import { AccessPolicyService } from './access-policy.service.js';

@SystemResourceController('AccessPolicy')
export class AccessPolicyController extends systemResourceRoutes(AccessPolicyDto) {
  constructor(protected readonly service: AccessPolicyService) {
    super();
  }
}
