import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { AccessPolicyController } from './access-policy.controller.js';
import { AccessPolicyService } from './access-policy.service.js';
import { PolicyRegistry } from './policy-registry.js';
import { RoleNames } from './role-names.js';
import { SqlPolicies } from './sql/sql-policies.js';

/** AccessPolicy: management over REST, and the parsed policies that decisions are made with. */
@Module({
  imports: [SystemResourceModule],
  controllers: [AccessPolicyController],
  providers: [AccessPolicyService, PolicyRegistry, RoleNames, SqlPolicies],
  exports: [AccessPolicyService, PolicyRegistry, RoleNames, SqlPolicies],
})
export class AccessPolicyModule {}
