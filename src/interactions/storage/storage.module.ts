import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationPool, WidePool } from '../../database/pools.js';
import { ReplicaPool } from '../../database/replica-pool.js';
import { CacheDrops } from '../changes/cache-drops.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { ClinicalReads } from '../load/clinical-reads.js';
import { ReplicaPatience } from '../load/replica-patience.js';
import { pooledReads, WideReads } from '../load/wide-reads.js';
import { clinicalReads } from './clinical-reads.js';
import { admittedReads, admittedWrites } from './admissions.js';
import { StorePlace } from './postgres-resource-store.js';
import { ResourceStores } from './resource-stores.js';
import { SecretsAtRest } from './secrets-at-rest.js';
import { SecretsCodec } from './secrets-codec.js';
import { StorageSettings } from './storage-settings.js';
import { AdmittedWork, UnitOfWork } from './unit-of-work.js';

/** What every module that keeps resources builds on. Expects `DataSource`, the pools, and `StorageSettings`. */
@Module({
  providers: [
    {
      provide: ChangeFeed,
      inject: [ConfigurationPool],
      useFactory: ({ dataSource }: ConfigurationPool) => new ChangeFeed(dataSource),
    },
    {
      provide: WideReads,
      inject: [WidePool],
      useFactory: ({ dataSource }: WidePool) =>
        pooledReads(dataSource.manager, admittedReads(dataSource)),
    },
    {
      provide: ClinicalReads,
      inject: [WideReads, DataSource, ReplicaPool, ReplicaPatience],
      useFactory: clinicalReads,
    },
    {
      provide: UnitOfWork,
      inject: [DataSource, ChangeFeed],
      useFactory: (dataSource: DataSource, feed: ChangeFeed) => new UnitOfWork(dataSource, feed),
    },
    {
      provide: AdmittedWork,
      inject: [DataSource, ChangeFeed],
      useFactory: (dataSource: DataSource, feed: ChangeFeed) =>
        new AdmittedWork(dataSource, feed, admittedWrites(dataSource)),
    },
    {
      provide: CacheDrops,
      inject: [ConfigurationPool, UnitOfWork, ChangeFeed],
      useFactory: ({ dataSource }: ConfigurationPool, work: UnitOfWork, feed: ChangeFeed) => {
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
    {
      provide: StorePlace,
      inject: [DataSource, WideReads],
      useFactory: ({ manager }: DataSource, reads: WideReads) => ({ manager, reads }),
    },
    ResourceStores,
    SecretsAtRest,
  ],
  exports: [
    AdmittedWork,
    CacheDrops,
    ChangeFeed,
    ClinicalReads,
    UnitOfWork,
    SecretsCodec,
    ResourceStores,
    SecretsAtRest,
    WideReads,
  ],
})
export class StorageModule {}
