import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { BundleController } from './bundle.controller.js';
import { BundleModule } from './bundle.module.js';
import { CapabilityController } from './capability.controller.js';
import { CapabilityService } from './capability.service.js';
import { ClinicalController } from './clinical.controller.js';
import { ConditionalInteractions } from './conditional-interactions.js';
import { ConditionalController } from './conditional.controller.js';
import { EverythingController } from './everything/everything.controller.js';
import { PatientRecord } from './everything/patient-record.js';
import { FhirModule } from './fhir.module.js';
import { StatementSource } from './statement-source.js';
import { SystemHistory } from './system-history.js';
import { ValidationController } from './validation.controller.js';
import { WideSearchController } from './wide-search.controller.js';
import { WideSearches } from './wide-searches.js';

/** The routes of clinical resources that are in the built-in store. */
@Module({
  imports: [FhirModule, BundleModule, StorageModule],
  controllers: [
    CapabilityController,
    ClinicalController,
    ValidationController,
    WideSearchController,
    BundleController,
    ConditionalController,
    EverythingController,
  ],
  providers: [
    { provide: StatementSource, useClass: CapabilityService },
    ConditionalInteractions,
    PatientRecord,
    SystemHistory,
    WideSearches,
  ],
})
export class StoreRoutesModule {}
