import { Module } from '@nestjs/common';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { InitBundle } from '../interactions/bundle/init/init-bundle.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { BundleController } from './bundle.controller.js';
import { ConditionalController } from './conditional.controller.js';
import { FhirModule } from './fhir.module.js';

/** Batches, transactions, and conditional writes, which are carried out like entries. Expects `BundleTypes`, `EntryAuthorizer`, `InitBundleSettings`. */
@Module({
  imports: [StorageModule, FhirModule],
  controllers: [BundleController, ConditionalController],
  providers: [BundleProcessor, InitBundle],
  exports: [BundleProcessor, InitBundle],
})
export class BundleModule {}
