import { Module } from '@nestjs/common';
import { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { ClinicalStorage } from './clinical-storage.js';
import { ClinicalService } from './clinical.service.js';
import { R4Definitions } from './definitions/r4-definitions.js';
import { PROFILE_PROVIDERS } from './profiles/profiles.providers.js';
import { ProfileValidator } from './profiles/profile-validator.js';
import { SEARCH_PROVIDERS } from './search.providers.js';
import { SystemTypes } from './system-types.js';
import { ResourceValidator } from './validation/resource-validator.js';

/** Clinical resources: all R4 types in the built-in store. Expects `FhirSettings`, `SystemTypes`. */
@Module({
  imports: [StorageModule],
  providers: [
    ...SEARCH_PROVIDERS,
    ...PROFILE_PROVIDERS,
    ClinicalService,
    ClinicalStorage,
    {
      provide: ResourceValidator,
      inject: [SystemTypes],
      useFactory: ({ names }: SystemTypes) => new ResourceValidator(new R4Definitions(), names),
    },
  ],
  exports: [ClinicalService, ClinicalSearches, ProfileValidator, SearchDefinitions],
})
export class FhirModule {}
