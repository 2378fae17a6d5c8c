import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { AppConfig } from './config/app-config.js';
import {
  ConfigurationPool,
  openConfigurationPool,
  openWidePool,
  WidePool,
} from './database/pools.js';
import { ReplicaPool } from './database/replica-pool.js';
import type { ServerConnection } from './database/server-connection.js';
import { ReplicaPatience } from './interactions/load/replica-patience.js';

/** The connections beside those that serve requests. */
@Global()
@Module({})
export class PoolsModule implements OnApplicationShutdown {
  constructor(
    private readonly configuration: ConfigurationPool,
    private readonly wide: WidePool,
    private readonly replica: ReplicaPool,
  ) {}

  static from({ database }: AppConfig, connection: ServerConnection): DynamicModule {
    const { replica } = database;
    return {
      module: PoolsModule,
      providers: [
        { provide: ConfigurationPool, useFactory: () => openConfigurationPool(connection) },
        { provide: WidePool, useFactory: () => openWidePool(connection, database.searches) },
        { provide: ReplicaPool, useValue: new ReplicaPool(replica.url, database.searches) },
        { provide: ReplicaPatience, useValue: { ms: replica.patienceMs } },
      ],
      exports: [ConfigurationPool, WidePool, ReplicaPool, ReplicaPatience],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([
      ...[this.configuration, this.wide].map(({ dataSource }) => dataSource.destroy()),
      this.replica.close(),
    ]);
  }
}
