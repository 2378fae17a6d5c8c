import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OPERATION, SYSTEM_TYPE } from '../interactions/http/interaction-request.js';
import { ADMINISTRATORS_ONLY } from './administrators-only.decorator.js';
import { FOR_OPERATORS } from './for-operators.decorator.js';
import { PUBLIC } from './public.decorator.js';

/** What the decorators of a route say about it. */
export interface Route {
  readonly isPublic: boolean;
  /** Operation id; absent where nothing is operated on, as on an unknown route. */
  readonly operation: string | undefined;
  /** Type of system resource that the route manages; writing or reading it is administration. */
  readonly systemType: string | undefined;
  /** Whether it takes an administrator besides a policy. */
  readonly isForAdministrators: boolean;
  /** Whether it tells about the server itself, which a policy must mean. */
  readonly isForOperators: boolean;
}

/** A method or a class of a controller, which carries decorators. */
type Decorated = Parameters<Reflector['get']>[1];

const reflector = new Reflector();

/** Decorators never change once the application runs, so each route is read once. */
const ROUTES = new WeakMap<Decorated, WeakMap<Decorated, Route>>();

/** What the decorators say of the route that is about to be handled. */
export function routeOf(context: ExecutionContext): Route {
  const controller = context.getClass();
  const handler = context.getHandler();
  const routes = ROUTES.get(controller) ?? new WeakMap<Decorated, Route>();
  ROUTES.set(controller, routes);
  const route = routes.get(handler) ?? Object.freeze(describedRoute(handler, controller));
  routes.set(handler, route);
  return route;
}

/** Reads the decorators of a controller's method, which win over those of its class. */
export function describedRoute(handler: Decorated, controller: Decorated): Route {
  const targets = [handler, controller];
  return {
    isPublic: reflector.getAllAndOverride<string | undefined>(PUBLIC, targets) !== undefined,
    operation: reflector.getAllAndOverride<string | undefined>(OPERATION, targets),
    systemType: reflector.getAllAndOverride<string | undefined>(SYSTEM_TYPE, targets),
    isForAdministrators:
      reflector.getAllAndOverride<boolean | undefined>(ADMINISTRATORS_ONLY, targets) === true,
    isForOperators:
      reflector.getAllAndOverride<boolean | undefined>(FOR_OPERATORS, targets) === true,
  };
}

/** Whether a policy that allows the route must speak of administration (spec §7). */
export function isAdministration({
  systemType,
  isForAdministrators,
  isForOperators,
}: Route): boolean {
  return systemType !== undefined || isForAdministrators || isForOperators;
}
