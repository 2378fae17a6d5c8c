import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { SearchReach } from '../included-types.js';
import type { Route } from '../route.js';
import type { RegisteredRoute } from './registered-routes.js';

/** Longest id of a resource, and so longest parameter of a route; longer ones lead nowhere. */
export const MAX_PARAMETER_LENGTH = 64;

/** Where a request would go. */
export interface ResolvedRoute {
  readonly route: Route;
  /** Values of the route's own parameters, e.g. `id`. */
  readonly routeParams: Readonly<Record<string, string>>;
}

type Router = ReturnType<typeof findMyWay>;

/** Finds where a request would go, by the router that the server has, with the server's own options. */
export class RouteFinder {
  private readonly router: Router;

  /** @param reach where searches lead that go to these routes */
  constructor(
    private readonly known: readonly RegisteredRoute[],
    readonly reach: SearchReach,
  ) {
    this.router = findMyWay({ maxParamLength: MAX_PARAMETER_LENGTH });
    for (const registered of known) {
      this.router.on(registered.method as HTTPMethod, registered.path, () => undefined, registered);
    }
  }

  /** In the order of their registration. */
  routes(): readonly RegisteredRoute[] {
    return this.known;
  }

  /**
   * The route that would handle a request.
   *
   * @param method in any case; HEAD goes where GET goes
   * @param path canonical
   * @returns `undefined` when no route takes it.
   */
  resolve(method: string, path: string): ResolvedRoute | undefined {
    const name = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
    const found = this.router.find(name as HTTPMethod, path);
    if (!found) return undefined;
    const { route } = found.store as RegisteredRoute;
    return { route, routeParams: found.params as Record<string, string> };
  }
}
