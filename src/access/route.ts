import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OPERATION, SYSTEM_TYPE } from '../interactions/http/interaction-request.js';
import { PUBLIC } from './public.decorator.js';

/** What the decorators of a route say about it. */
export interface Route {
  readonly isPublic: boolean;
  /** Operation id; absent where nothing is operated on, as on an unknown route. */
  readonly operation: string | undefined;
  /** Type of system resource that the route manages; writing or reading it is administration. */
  readonly systemType: string | undefined;
}

const reflector = new Reflector();

/** Reads the decorators of the route that is about to be handled. */
export function routeOf(context: ExecutionContext): Route {
  const targets = [context.getHandler(), context.getClass()];
  return {
    isPublic: reflector.getAllAndOverride<string | undefined>(PUBLIC, targets) !== undefined,
    operation: reflector.getAllAndOverride<string | undefined>(OPERATION, targets),
    systemType: reflector.getAllAndOverride<string | undefined>(SYSTEM_TYPE, targets),
  };
}
