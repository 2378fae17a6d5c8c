import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SearchReach } from '../included-types.js';
import { registeredRoutes, type RegisteredRoute } from './registered-routes.js';
import { RouteFinder, type ResolvedRoute } from './route-finder.js';

/** Every route of the running application, and where a request would go without being sent. */
@Injectable()
export class RouteTable {
  private finder: RouteFinder | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    /** Where searches lead that go to these routes. */
    readonly reach: SearchReach,
  ) {}

  /** In the order of their registration. */
  routes(): readonly RegisteredRoute[] {
    return this.found().routes();
  }

  /** @see RouteFinder.resolve */
  resolve(method: string, path: string): ResolvedRoute | undefined {
    return this.found().resolve(method, path);
  }

  /** Not before it is asked, since controllers are still being registered until then. */
  private found(): RouteFinder {
    this.finder ??= new RouteFinder(
      registeredRoutes(
        this.discovery.getControllers().flatMap(({ metatype }) => (metatype as Type | null) ?? []),
      ),
      this.reach,
    );
    return this.finder;
  }
}
