import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { IntrospectorRegistry } from './introspector-registry.js';
import { TokenIntrospectorController } from './token-introspector.controller.js';
import { TokenIntrospectorService } from './token-introspector.service.js';

/** TokenIntrospector: management over REST, and what introspection works with. Expects `EndpointRules`. */
@Module({
  imports: [SystemResourceModule],
  controllers: [TokenIntrospectorController],
  providers: [TokenIntrospectorService, IntrospectorRegistry],
  exports: [TokenIntrospectorService, IntrospectorRegistry],
})
export class TokenIntrospectorModule {}
