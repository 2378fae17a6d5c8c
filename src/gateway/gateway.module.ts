import { Module } from '@nestjs/common';
import { FhirModule } from '../fhir/fhir.module.js';
import { InstanceController } from './instance.controller.js';
import { Passing } from './passing/passing.js';
import { ResourceLinks } from './rewriting/resource-links.js';
import { CallerIdentity, UntoldIdentity } from './upstream/caller-identity.js';
import { NoCredentials, UpstreamCredentials } from './upstream/credentials.js';
import { UndiciUpstream } from './upstream/undici-upstream.js';
import { Upstream } from './upstream/upstream.js';
import { UpstreamMetrics } from './upstream/upstream-metrics.js';

/** Clinical resources from the FHIR server behind Wardgate. Expects `GatewaySettings`. */
@Module({
  imports: [FhirModule],
  controllers: [InstanceController],
  providers: [
    Passing,
    ResourceLinks,
    UpstreamMetrics,
    { provide: CallerIdentity, useClass: UntoldIdentity },
    { provide: UpstreamCredentials, useClass: NoCredentials },
    { provide: Upstream, useClass: UndiciUpstream },
  ],
  exports: [Passing, Upstream],
})
export class GatewayModule {}
