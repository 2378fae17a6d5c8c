import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { ProvisionedUsers } from './provisioned-users.js';
import { UserDirectory } from './user-directory.js';
import { UserPages } from './user-pages.js';
import { UserProvisioning } from './user-provisioning.js';
import { UserController } from './user.controller.js';
import { UserService } from './user.service.js';

/** User: management over REST, and the Users that requests are decided with. */
@Module({
  imports: [SystemResourceModule],
  controllers: [UserController],
  providers: [UserService, UserDirectory, UserPages, ProvisionedUsers, UserProvisioning],
  exports: [UserService, UserDirectory, UserPages, ProvisionedUsers, UserProvisioning],
})
export class UserModule {}
