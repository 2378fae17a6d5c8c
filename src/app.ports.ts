import { Global, Module } from '@nestjs/common';
import { FhirModule } from './fhir/fhir.module.js';
import { ProfileValidator } from './fhir/profiles/profile-validator.js';
import { IntrospectionSettings } from './introspection/introspection-settings.js';
import { IntrospectorSource } from './introspection/introspector-source.js';
import { hostRules } from './introspection/outbound/host-rules.js';
import { StoredProofs } from './introspection/possession/stored-proofs.js';
import { UsedProofs } from './introspection/possession/used-proofs.js';
import { EndpointRules } from './resources/endpoint-rules.js';
import { ProfileConformance } from './resources/profile-conformance.js';
import { IntrospectorRegistry } from './resources/token-introspector/introspector-registry.js';
import { TokenIntrospectorModule } from './resources/token-introspector/token-introspector.module.js';

/** Connects what one folder declares a need for to what another offers, where neither may import the other. */
@Global()
@Module({
  imports: [FhirModule, TokenIntrospectorModule],
  providers: [
    { provide: IntrospectorSource, useExisting: IntrospectorRegistry },
    { provide: ProfileConformance, useExisting: ProfileValidator },
    { provide: UsedProofs, useClass: StoredProofs },
    {
      provide: EndpointRules,
      inject: [IntrospectionSettings],
      useFactory: (settings: IntrospectionSettings) =>
        hostRules(settings.allowedHosts, settings.devMode),
    },
  ],
  exports: [IntrospectorSource, ProfileConformance, UsedProofs, EndpointRules],
})
export class PortsModule {}
