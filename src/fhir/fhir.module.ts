import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { CapabilityController } from './capability.controller.js';
import { CapabilityService } from './capability.service.js';
import { ClinicalController } from './clinical.controller.js';
import { ClinicalService } from './clinical.service.js';

/** Clinical resources: all R4 types from the built-in store. Expects `FhirSettings`, `SystemTypes`. */
@Module({
  imports: [StorageModule],
  controllers: [CapabilityController, ClinicalController],
  providers: [CapabilityService, ClinicalService],
  exports: [ClinicalService],
})
export class FhirModule {}
