import { Module } from '@nestjs/common';
import { Passing } from './passing/passing.js';
import { CallerIdentity, UntoldIdentity } from './upstream/caller-identity.js';
import { NoCredentials, UpstreamCredentials } from './upstream/credentials.js';
import { UndiciUpstream } from './upstream/undici-upstream.js';
import { Upstream } from './upstream/upstream.js';
import { UpstreamMetrics } from './upstream/upstream-metrics.js';

/** Clinical resources from the FHIR server behind Wardgate. Expects `GatewaySettings`. */
@Module({
  controllers: [],
  providers: [
    Passing,
    UpstreamMetrics,
    { provide: CallerIdentity, useClass: UntoldIdentity },
    { provide: UpstreamCredentials, useClass: NoCredentials },
    { provide: Upstream, useClass: UndiciUpstream },
  ],
  exports: [Passing, Upstream],
})
export class GatewayModule {}
