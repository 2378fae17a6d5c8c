import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { RoleDto } from './role.dto.js';
import { ROLE_EXAMPLES } from './role.examples.js';
import { RoleService } from './role.service.js';

/** The routes of Role. */
@SystemResourceController('Role')
export class RoleController extends systemResourceRoutes(RoleDto, ROLE_EXAMPLES) {
  constructor(protected readonly service: RoleService) {
    super();
  }
}
