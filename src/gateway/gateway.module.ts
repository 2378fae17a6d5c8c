import { Module } from '@nestjs/common';
import { FhirModule } from '../fhir/fhir.module.js';
import { PassedBundleController } from './bundle.controller.js';
import { InstanceController } from './instance.controller.js';
import { PassedOperationController } from './operation.controller.js';
import { PageKey } from './paging/page-key.js';
import { Pages } from './paging/pages.js';
import { Passing } from './passing/passing.js';
import { PassedBundles } from './requests/passed-bundles.js';
import { PassedEverything } from './requests/passed-everything.js';
import { PassedSearches } from './requests/passed-searches.js';
import { PassedWrites } from './requests/passed-writes.js';
import { UpstreamLookup } from './requests/upstream-lookup.js';
import { ResourceLinks } from './rewriting/resource-links.js';
import { CallerIdentity, UntoldIdentity } from './upstream/caller-identity.js';
import { NoCredentials, UpstreamCredentials } from './upstream/credentials.js';
import { UndiciUpstream } from './upstream/undici-upstream.js';
import { Upstream } from './upstream/upstream.js';
import { UpstreamMetrics } from './upstream/upstream-metrics.js';
import { PassedSearchController } from './search.controller.js';
import { PassedWriteController } from './write.controller.js';

/** Clinical resources from the FHIR server behind Wardgate. Expects `GatewaySettings`. */
@Module({
  imports: [FhirModule],
  controllers: [
    InstanceController,
    PassedSearchController,
    PassedWriteController,
    PassedBundleController,
    PassedOperationController,
  ],
  providers: [
    PageKey,
    Pages,
    PassedBundles,
    PassedEverything,
    PassedSearches,
    PassedWrites,
    Passing,
    ResourceLinks,
    UpstreamLookup,
    UpstreamMetrics,
    { provide: CallerIdentity, useClass: UntoldIdentity },
    { provide: UpstreamCredentials, useClass: NoCredentials },
    { provide: Upstream, useClass: UndiciUpstream },
  ],
  exports: [Passing, Upstream],
})
export class GatewayModule {}
