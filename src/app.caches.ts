import { Module } from '@nestjs/common';
import { CacheDrops } from './interactions/changes/cache-drops.js';
import { StorageModule } from './interactions/storage/storage.module.js';
import { IntrospectionCaches } from './introspection/introspection-caches.js';
import { IntrospectionModule } from './introspection/introspection.module.js';
import { SystemResourceModule } from './resources/definition/system-resource.module.js';
import { ExternalSecrets } from './resources/secrets/external-secrets.js';

/** Lets every cache of something fetched from elsewhere take part in `POST /$drop-cache`. */
@Module({ imports: [StorageModule, IntrospectionModule, SystemResourceModule] })
export class CachesModule {
  constructor(drops: CacheDrops, introspection: IntrospectionCaches, secrets: ExternalSecrets) {
    drops.join(introspection);
    drops.join(secrets);
  }
}
