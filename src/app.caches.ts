import { Module } from '@nestjs/common';
import { CacheDrops } from './interactions/changes/cache-drops.js';
import { StorageModule } from './interactions/storage/storage.module.js';
import { IntrospectionCaches } from './introspection/introspection-caches.js';
import { IntrospectionModule } from './introspection/introspection.module.js';

/** Lets every cache of something fetched from elsewhere take part in `POST /$drop-cache`. */
@Module({ imports: [StorageModule, IntrospectionModule] })
export class CachesModule {
  constructor(drops: CacheDrops, introspection: IntrospectionCaches) {
    drops.join(introspection);
  }
}
