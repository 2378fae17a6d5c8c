import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChangeFeed } from '../changes/change-feed.js';
import { ResourceStores } from './resource-stores.js';
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
      provide: SecretsCodec,
      inject: [StorageSettings],
      useFactory: (settings: StorageSettings) => new SecretsCodec(settings.encryptSecret),
    },
    ResourceStores,
  ],
  exports: [ChangeFeed, UnitOfWork, SecretsCodec, ResourceStores],
})
export class StorageModule {}
