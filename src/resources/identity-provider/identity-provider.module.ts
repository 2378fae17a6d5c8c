import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { IdentityProviderRegistry } from './identity-provider-registry.js';
import { IdentityProviderController } from './identity-provider.controller.js';
import { IdentityProviderService } from './identity-provider.service.js';

/** IdentityProvider: management over REST, and what users are resolved with. Expects `EndpointRules`. */
@Module({
  imports: [SystemResourceModule],
  controllers: [IdentityProviderController],
  providers: [IdentityProviderService, IdentityProviderRegistry],
  exports: [IdentityProviderService, IdentityProviderRegistry],
})
export class IdentityProviderModule {}
