import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CacheDrops } from '../changes/cache-drops.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { ResourceStores } from './resource-stores.js';
import { SecretsAtRest } from './secrets-at-rest.js';
import { SecretsCodec } from './secrets-codec.js';
import { StorageSettings } from './storage-settings.js';
import { UnitOfWork } from './unit-of-work.js';

/** What every module that keeps resources builds on. Expects `DataSource` and `StorageSettings`. */
@Module({
  providers: [
    {
      provide: ChangeFeed,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new ChangeFeed(dataSource),
    },
    {
      provide: UnitOfWork,
      inject: [DataSource, ChangeFeed],
      useFactory: (dataSource: DataSource, feed: ChangeFeed) => new UnitOfWork(dataSource, feed),
    },
    {
      provide: CacheDrops,
      inject: [DataSource, UnitOfWork, ChangeFeed],
      useFactory: (dataSource: DataSource, work: UnitOfWork, feed: ChangeFeed) => {
        const drops = new CacheDrops(dataSource, work);
        feed.subscribe(drops);
        return drops;
      },
    },
    {
      provide: SecretsCodec,
      inject: [StorageSettings],
      useFactory: (settings: StorageSettings) =>
        new SecretsCodec(settings.encryptSecret, settings.previousEncryptSecrets),
    },
    ResourceStores,
    SecretsAtRest,
  ],
  exports: [CacheDrops, ChangeFeed, UnitOfWork, SecretsCodec, ResourceStores, SecretsAtRest],
})
export class StorageModule {}
