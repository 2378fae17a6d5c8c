import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { AccessPolicyController } from './access-policy.controller.js';
import { AccessPolicyService } from './access-policy.service.js';
import { PolicyRegistry } from './policy-registry.js';

/** AccessPolicy: management over REST, and the parsed policies that decisions are made with. */
@Module({
  imports: [SystemResourceModule],
  controllers: [AccessPolicyController],
  providers: [AccessPolicyService, PolicyRegistry],
  exports: [AccessPolicyService, PolicyRegistry],
})
export class AccessPolicyModule {}
