import { Global, Module } from '@nestjs/common';
import { IntrospectionSettings } from './introspection/introspection-settings.js';
import { IntrospectorSource } from './introspection/introspector-source.js';
import { hostRules } from './introspection/outbound/host-rules.js';
import { StoredProofs } from './introspection/possession/stored-proofs.js';
import { UsedProofs } from './introspection/possession/used-proofs.js';
import { EndpointRules } from './resources/endpoint-rules.js';
import { IntrospectorRegistry } from './resources/token-introspector/introspector-registry.js';
import { TokenIntrospectorModule } from './resources/token-introspector/token-introspector.module.js';

/** Connects what one folder declares a need for to what another offers, where neither may import the other. */
@Global()
@Module({
  imports: [TokenIntrospectorModule],
  providers: [
    { provide: IntrospectorSource, useExisting: IntrospectorRegistry },
    { provide: UsedProofs, useClass: StoredProofs },
    {
      provide: EndpointRules,
      inject: [IntrospectionSettings],
      useFactory: (settings: IntrospectionSettings) =>
        hostRules(settings.allowedHosts, settings.devMode),
    },
  ],
  exports: [IntrospectorSource, UsedProofs, EndpointRules],
})
export class PortsModule {}
