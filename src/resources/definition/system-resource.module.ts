import { Module } from '@nestjs/common';
import { StorageModule } from '../../interactions/storage/storage.module.js';
import { SystemResourceContext } from './system-resource-context.js';

/** What the module of every system resource imports. Expects `SystemResourceSettings`. */
@Module({
  imports: [StorageModule],
  providers: [SystemResourceContext],
  exports: [SystemResourceContext, StorageModule],
})
export class SystemResourceModule {}
