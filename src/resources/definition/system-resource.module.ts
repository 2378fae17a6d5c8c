import { Module } from '@nestjs/common';
import { StorageModule } from '../../interactions/storage/storage.module.js';
import { ExternalSecrets } from '../secrets/external-secrets.js';
import { SystemResourceContext } from './system-resource-context.js';

/** What the module of every system resource imports. Expects `SystemResourceSettings` and `ExternalSecretSettings`. */
@Module({
  imports: [StorageModule],
  providers: [SystemResourceContext, ExternalSecrets],
  exports: [SystemResourceContext, ExternalSecrets, StorageModule],
})
export class SystemResourceModule {}
