import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessSettings } from './access/access-settings.js';
import { RoutedRequests } from './access/designing/known-requests.js';
import { RouteTable } from './access/routes/route-table.js';
import { KnownRequests } from './resources/access-policy/known-requests.js';

/** Lets policies be checked against the requests that this application has routes for. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    RouteTable,
    {
      provide: KnownRequests,
      inject: [RouteTable, AccessSettings],
      useFactory: (table: RouteTable, { isStrictAdministration }: AccessSettings) =>
        new RoutedRequests(table, isStrictAdministration),
    },
  ],
  exports: [RouteTable, KnownRequests],
})
export class PolicyPortsModule {}
