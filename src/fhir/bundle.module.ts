import { Module } from '@nestjs/common';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { InitBundle } from '../interactions/bundle/init/init-bundle.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { FhirModule } from './fhir.module.js';

/** Batches, transactions, and conditional writes, which are carried out like entries. Expects `BundleTypes`, `EntryAuthorizer`, `InitBundleSettings`. */
@Module({
  imports: [StorageModule, FhirModule],
  providers: [BundleProcessor, InitBundle],
  exports: [BundleProcessor, InitBundle],
})
export class BundleModule {}
