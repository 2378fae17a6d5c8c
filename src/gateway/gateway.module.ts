import { Global, Module } from '@nestjs/common';
import { ReadinessCheck } from '../health/readiness-check.js';
import { MergedStatement } from './capability/merged-statement.js';
import { UpstreamStatement } from './capability/upstream-statement.js';
import { credentialsOf } from './credentials/credentials-of.js';
import { GatewaySecrets } from './credentials/gateway-secrets.js';
import { identityOf } from './credentials/identity-of.js';
import { UpstreamTls } from './credentials/upstream-tls.js';
import { GatewaySettings } from './gateway-settings.js';
import { KeysController } from './keys.controller.js';
import { CapabilityController } from '../fhir/capability.controller.js';
import { FhirModule } from '../fhir/fhir.module.js';
import { StatementSource } from '../fhir/statement-source.js';
import { PassedBundleController } from './bundle.controller.js';
import { ExportController } from './export.controller.js';
import { ExportDecisions } from './exports/export-decisions.js';
import { PassedExports } from './exports/passed-exports.js';
import { InstanceController } from './instance.controller.js';
import { PassedOperationController } from './operation.controller.js';
import { PageKey } from './paging/page-key.js';
import { Pages } from './paging/pages.js';
import { SealedLinks } from './paging/sealed-links.js';
import { Passing } from './passing/passing.js';
import { LocalAddresses } from './requests/local-addresses.js';
import { PassedBundles } from './requests/passed-bundles.js';
import { PassedEverything } from './requests/passed-everything.js';
import { PassedSearches } from './requests/passed-searches.js';
import { PassedWrites } from './requests/passed-writes.js';
import { UpstreamLookup } from './requests/upstream-lookup.js';
import { ResourceLinks } from './rewriting/resource-links.js';
import { CallerIdentity } from './upstream/caller-identity.js';
import { UpstreamCredentials } from './upstream/upstream-credentials.js';
import { UpstreamHealth } from './upstream/upstream-health.js';
import { UndiciUpstream } from './upstream/undici-upstream.js';
import { Upstream } from './upstream/upstream.js';
import { UpstreamMetrics } from './upstream/upstream-metrics.js';
import { PassedSearchController } from './search.controller.js';
import { PassedWriteController } from './write.controller.js';

/** Clinical resources from the FHIR server behind Wardgate. Expects `GatewaySettings`. */
@Global()
@Module({
  imports: [FhirModule],
  controllers: [
    CapabilityController,
    KeysController,
    InstanceController,
    PassedSearchController,
    PassedWriteController,
    PassedBundleController,
    ExportController,
    PassedOperationController,
  ],
  providers: [
    ExportDecisions,
    PageKey,
    Pages,
    PassedBundles,
    PassedEverything,
    PassedExports,
    PassedSearches,
    PassedWrites,
    Passing,
    ResourceLinks,
    LocalAddresses,
    SealedLinks,
    UpstreamLookup,
    UpstreamMetrics,
    GatewaySecrets,
    UpstreamTls,
    UpstreamStatement,
    { provide: StatementSource, useClass: MergedStatement },
    { provide: ReadinessCheck, useClass: UpstreamHealth },
    {
      provide: CallerIdentity,
      inject: [GatewaySettings, GatewaySecrets],
      useFactory: identityOf,
    },
    {
      provide: UpstreamCredentials,
      inject: [GatewaySettings, GatewaySecrets, UpstreamTls],
      useFactory: (settings: GatewaySettings, secrets: GatewaySecrets, tls: UpstreamTls) =>
        credentialsOf(settings, secrets, tls.tokenEndpoint),
    },
    { provide: Upstream, useClass: UndiciUpstream },
  ],
  exports: [Passing, Upstream, ReadinessCheck],
})
export class GatewayModule {}
