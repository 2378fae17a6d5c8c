import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import { CapabilityController } from './capability.controller.js';
import { CapabilityService } from './capability.service.js';
import { ClinicalController } from './clinical.controller.js';
import { ClinicalStorage } from './clinical-storage.js';
import { ClinicalService } from './clinical.service.js';
import { R4Definitions } from './definitions/r4-definitions.js';
import { SEARCH_PROVIDERS } from './search.providers.js';
import { WideSearchController } from './wide-search.controller.js';
import { WideSearches } from './wide-searches.js';
import { SystemTypes } from './system-types.js';
import { ValidationController } from './validation.controller.js';
import { ResourceValidator } from './validation/resource-validator.js';

/** Clinical resources: all R4 types from the built-in store. Expects `FhirSettings`, `SystemTypes`. */
@Module({
  imports: [StorageModule],
  controllers: [
    CapabilityController,
    ClinicalController,
    ValidationController,
    WideSearchController,
  ],
  providers: [
    ...SEARCH_PROVIDERS,
    CapabilityService,
    ClinicalService,
    ClinicalStorage,
    WideSearches,
    {
      provide: ResourceValidator,
      inject: [SystemTypes],
      useFactory: ({ names }: SystemTypes) => new ResourceValidator(new R4Definitions(), names),
    },
  ],
  exports: [ClinicalSearches, ClinicalService],
})
export class FhirModule {}
