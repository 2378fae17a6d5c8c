import { Global, Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { PolicyEntryAuthorizer } from './access/entry-authorizer.js';
import { SearchReach } from './access/included-types.js';
import { ClinicalService } from './fhir/clinical.service.js';
import { FhirModule } from './fhir/fhir.module.js';
import { FhirSettings } from './fhir/fhir-settings.js';
import {
  BundleTypes,
  type BundledType,
  type SearchableInteractions,
} from './interactions/bundle/bundle-types.js';
import { EntryAuthorizer } from './interactions/bundle/entry-authorizer.js';
import { ClinicalSearches } from './interactions/search/query/clinical-searches.js';
import { AccessPolicyModule } from './resources/access-policy/access-policy.module.js';
import { AccessPolicyService } from './resources/access-policy/access-policy.service.js';
import { ClientModule } from './resources/client/client.module.js';
import { ClientService } from './resources/client/client.service.js';
import { IdentityProviderModule } from './resources/identity-provider/identity-provider.module.js';
import { IdentityProviderService } from './resources/identity-provider/identity-provider.service.js';
import { RoleModule } from './resources/role/role.module.js';
import { RoleService } from './resources/role/role.service.js';
import { TokenIntrospectorModule } from './resources/token-introspector/token-introspector.module.js';
import { TokenIntrospectorService } from './resources/token-introspector/token-introspector.service.js';
import { UserModule } from './resources/user/user.module.js';
import { UserService } from './resources/user/user.service.js';

const SYSTEM_SERVICES = [
  AccessPolicyService,
  ClientService,
  IdentityProviderService,
  RoleService,
  TokenIntrospectorService,
  UserService,
] as const;

/** Tells Bundles which types there are and who decides on their entries, and policies where searches lead. */
@Global()
@Module({
  imports: [
    FhirModule,
    AccessPolicyModule,
    ClientModule,
    IdentityProviderModule,
    RoleModule,
    TokenIntrospectorModule,
    UserModule,
  ],
  providers: [
    {
      provide: BundleTypes,
      inject: [FhirSettings, ClinicalService, ...SYSTEM_SERVICES],
      useFactory: bundleTypes,
    },
    {
      provide: EntryAuthorizer,
      inject: [ModuleRef],
      // Looked up when asked: the module of access comes last, for the sake of its catch-all route.
      useFactory: (modules: ModuleRef): EntryAuthorizer => ({
        snapshot: (bundle) =>
          modules.get(PolicyEntryAuthorizer, { strict: false }).snapshot(bundle),
      }),
    },
    {
      provide: SearchReach,
      inject: [ClinicalSearches],
      useFactory: (searches: ClinicalSearches): SearchReach => ({
        typesReachedBy: (query, types) => searches.reachedBy(query, types),
      }),
    },
  ],
  exports: [BundleTypes, EntryAuthorizer, SearchReach],
})
export class BundlePortsModule {}

function bundleTypes(
  { baseUrl }: FhirSettings,
  clinical: ClinicalService,
  ...system: readonly SearchableInteractions[]
): BundleTypes {
  const types = [
    ...clinical.all().map((interactions) => typeOf(interactions, false)),
    ...system.map((interactions) => typeOf(interactions, true)),
  ];
  const byName = new Map(types.map((type) => [type.name, type]));
  return { baseUrl, find: (name) => byName.get(name) };
}

function typeOf(interactions: SearchableInteractions, isSystem: boolean): BundledType {
  return { name: interactions.type, isSystem, interactions };
}
