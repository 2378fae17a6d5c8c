import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { RoleController } from './role.controller.js';
import { RoleService } from './role.service.js';

/** Role: management over REST. Users carry their Roles, see UserDirectory. */
@Module({
  imports: [SystemResourceModule],
  controllers: [RoleController],
  providers: [RoleService],
  exports: [RoleService],
})
export class RoleModule {}
