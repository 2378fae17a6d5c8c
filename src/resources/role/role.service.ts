import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { ROLE } from './role.definition.js';

/** The interactions on Role. */
@Injectable()
export class RoleService extends SystemResourceService {
  constructor(context: SystemResourceContext) {
    super(ROLE, context);
  }
}
