import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { AppConfig } from './config/app-config.js';
import {
  ConfigurationPool,
  openConfigurationPool,
  openWidePool,
  WidePool,
} from './database/pools.js';
import type { ServerConnection } from './database/server-connection.js';

/** The connections beside those that serve requests. */
@Global()
@Module({})
export class PoolsModule implements OnApplicationShutdown {
  constructor(
    private readonly configuration: ConfigurationPool,
    private readonly wide: WidePool,
  ) {}

  static from({ database }: AppConfig, connection: ServerConnection): DynamicModule {
    return {
      module: PoolsModule,
      providers: [
        { provide: ConfigurationPool, useFactory: () => openConfigurationPool(connection) },
        { provide: WidePool, useFactory: () => openWidePool(connection, database.searches) },
      ],
      exports: [ConfigurationPool, WidePool],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(
      [this.configuration, this.wide].map(({ dataSource }) => dataSource.destroy()),
    );
  }
}
