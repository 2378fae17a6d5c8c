import { Module } from '@nestjs/common';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { BundleController } from './bundle.controller.js';

/** Batches and transactions. Expects `BundleTypes` and `EntryAuthorizer`. */
@Module({
  imports: [StorageModule],
  controllers: [BundleController],
  providers: [BundleProcessor],
  exports: [BundleProcessor],
})
export class BundleModule {}
