import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { UserDto } from './user.dto.js';
import { USER_EXAMPLES } from './user.examples.js';
import { UserService } from './user.service.js';

/** The routes of User. */
@SystemResourceController('User')
export class UserController extends systemResourceRoutes(UserDto, USER_EXAMPLES) {
  constructor(protected readonly service: UserService) {
    super();
  }
}
