import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { CapabilityController } from './capability.controller.js';
import { CapabilityService } from './capability.service.js';
import { ClinicalController } from './clinical.controller.js';
import { ClinicalService } from './clinical.service.js';
import { SEARCH_PROVIDERS } from './search.providers.js';
import { WideSearchController } from './wide-search.controller.js';
import { WideSearches } from './wide-searches.js';

/** Clinical resources: all R4 types from the built-in store. Expects `FhirSettings`, `SystemTypes`. */
@Module({
  imports: [StorageModule],
  controllers: [CapabilityController, ClinicalController, WideSearchController],
  providers: [...SEARCH_PROVIDERS, CapabilityService, ClinicalService, WideSearches],
  exports: [ClinicalService],
})
export class FhirModule {}
