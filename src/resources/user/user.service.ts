import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { userDefinition } from './user.definition.js';

/** The interactions on User. */
@Injectable()
export class UserService extends SystemResourceService {
  constructor(context: SystemResourceContext) {
    super(userDefinition(context.settings), context);
  }
}
