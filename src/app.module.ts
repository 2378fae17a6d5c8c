import { CacheModule } from '@nestjs/cache-manager';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessModule } from './access/access.module.js';
import { BundlePortsModule } from './app.bundle.js';
import { CachesModule } from './app.caches.js';
import { cacheStore } from './app.cache.js';
import { PoolsModule } from './app.pools.js';
import { PortsModule } from './app.ports.js';
import { PolicyPortsModule } from './app.policies.js';
import { SettingsModule } from './app.settings.js';
import { SqlPoliciesModule } from './app.sql-policies.js';
import { ThrottlingModule } from './app.throttling.js';
import type { AppConfig } from './config/app-config.js';
import { dataSourceOptions } from './database/data-source.js';
import type { ServerConnection } from './database/server-connection.js';
import { BundleModule } from './fhir/bundle.module.js';
import { FhirModule } from './fhir/fhir.module.js';
import { StoreRoutesModule } from './fhir/store-routes.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { AccessPolicyModule } from './resources/access-policy/access-policy.module.js';
import { ClientModule } from './resources/client/client.module.js';
import { IdentityProviderModule } from './resources/identity-provider/identity-provider.module.js';
import { RoleModule } from './resources/role/role.module.js';
import { TokenIntrospectorModule } from './resources/token-introspector/token-introspector.module.js';
import { UserModule } from './resources/user/user.module.js';

/** Composition root: the only module that knows every other. */
@Module({})
export class AppModule {
  static configure(config: AppConfig, connection: ServerConnection): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.from(config),
        MetricsModule,
        PoolsModule.from(config, connection),
        PortsModule,
        PolicyPortsModule,
        SqlPoliciesModule.from(config, connection),
        ThrottlingModule.from(config.runtime.redisUrl),
        TypeOrmModule.forRoot(
          dataSourceOptions(connection, { poolSize: config.database.poolSize }),
        ),
        CacheModule.register({
          isGlobal: true,
          stores: [
            cacheStore(config.runtime.redisUrl, (message) => {
              Logger.warn(message, 'Cache');
            }),
          ],
        }),
        AccessPolicyModule,
        ClientModule,
        IdentityProviderModule,
        RoleModule,
        TokenIntrospectorModule,
        UserModule,
        HealthModule,
        FhirModule,
        BundlePortsModule,
        BundleModule,
        config.gateway.upstreamUrl === undefined ? StoreRoutesModule : GatewayModule,
        CachesModule,
        // Last, because its catch-all route must not come before the others.
        AccessModule,
      ],
    };
  }
}
