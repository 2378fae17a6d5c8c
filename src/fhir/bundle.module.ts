import { Module } from '@nestjs/common';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { InitBundle } from '../interactions/bundle/init/init-bundle.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { BundleController } from './bundle.controller.js';

/** Batches and transactions. Expects `BundleTypes`, `EntryAuthorizer`, `InitBundleSettings`. */
@Module({
  imports: [StorageModule],
  controllers: [BundleController],
  providers: [BundleProcessor, InitBundle],
  exports: [BundleProcessor, InitBundle],
})
export class BundleModule {}
