import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { describedRoute, type Route } from '../route.js';

/** A route as a controller registers it. */
export interface RegisteredRoute {
  /** Upper case. */
  readonly method: string;
  /** With parameters as the router writes them, e.g. `/fhir/:type/:id`. */
  readonly path: string;
  readonly route: Route;
  /** What the description of the API says of it, if anything. */
  readonly summary: string | undefined;
}

/** Where the description of the API keeps what a route is for. */
const API_OPERATION = 'swagger/apiOperation';

const scanner = new MetadataScanner();

/** Every route of the controllers, read from the same decorators that the server registers them by. */
export function registeredRoutes(controllers: Iterable<Type>): readonly RegisteredRoute[] {
  return [...controllers].flatMap((controller) => {
    const prototype = controller.prototype as object;
    return scanner
      .getAllMethodNames(prototype)
      .flatMap((name) => routesOf(controller, Reflect.get(prototype, name) as Type));
  });
}

/** @param handler a method of the controller; one without a path is no route */
function routesOf(controller: Type, handler: Type): readonly RegisteredRoute[] {
  const paths = pathsOf(handler);
  if (paths === undefined) return [];
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const route = describedRoute(handler, controller);
  const described = Reflect.getMetadata(API_OPERATION, handler) as { summary?: string } | undefined;
  const summary = described?.summary;
  return (pathsOf(controller) ?? ['']).flatMap((base) =>
    paths.map((path) => ({ method, path: joined(base, path), route, summary })),
  );
}

function pathsOf(decorated: Type): readonly string[] | undefined {
  const paths = Reflect.getMetadata(PATH_METADATA, decorated) as string | string[] | undefined;
  return paths === undefined ? undefined : [paths].flat();
}

function joined(base: string, path: string): string {
  return `/${[...base.split('/'), ...path.split('/')].filter((step) => step !== '').join('/')}`;
}
