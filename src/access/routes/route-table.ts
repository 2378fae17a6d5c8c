import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { Route } from '../route.js';
import { registeredRoutes, type RegisteredRoute } from './registered-routes.js';

/** Where a request would go. */
export interface ResolvedRoute {
  readonly route: Route;
  /** Values of the route's own parameters, e.g. `id`. */
  readonly routeParams: Readonly<Record<string, string>>;
}

type Router = ReturnType<typeof findMyWay>;

/** Every route of the application, and where a request would go without being sent. */
@Injectable()
export class RouteTable {
  private known: readonly RegisteredRoute[] | undefined;
  private router: Router | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** In the order of their registration. */
  routes(): readonly RegisteredRoute[] {
    this.known ??= registeredRoutes(
      this.discovery.getControllers().flatMap(({ metatype }) => (metatype as Type | null) ?? []),
    );
    return this.known;
  }

  /**
   * The route that would handle a request, found by the server's own router with its own options.
   *
   * @param method in any case; HEAD goes where GET goes
   * @param path canonical
   * @returns `undefined` when no route takes it.
   */
  resolve(method: string, path: string): ResolvedRoute | undefined {
    const name = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
    this.router ??= this.builtRouter();
    const found = this.router.find(name as HTTPMethod, path);
    if (!found) return undefined;
    const { route } = found.store as RegisteredRoute;
    return { route, routeParams: found.params as Record<string, string> };
  }

  private builtRouter(): Router {
    const server = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const { maxParamLength } = server.initialConfig.routerOptions ?? {};
    const router = findMyWay(maxParamLength === undefined ? {} : { maxParamLength });
    for (const registered of this.routes()) {
      router.on(registered.method as HTTPMethod, registered.path, () => undefined, registered);
    }
    return router;
  }
}
