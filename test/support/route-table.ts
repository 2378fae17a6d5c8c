import type { Type } from '@nestjs/common';
import { ModulesContainer, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PUBLIC } from '../../src/access/public.decorator.js';

/** One route as the HTTP server knows it. */
export interface ServedRoute {
  readonly method: string;
  /** With `:name` and `*` for what varies. */
  readonly path: string;
}

/** Every route that the server has, whoever registered it, in the order of paths and methods. */
export function servedRoutes(nest: NestFastifyApplication): readonly ServedRoute[] {
  const tree = nest.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const parents: string[] = [];
  const routes: ServedRoute[] = [];
  for (const line of tree.split('\n')) {
    const found = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \(([^)]*)\))?/.exec(line);
    if (!found) continue;
    const [, indent = '', label = '', methods = ''] = found;
    const depth = indent.length / 4;
    parents.splice(depth, Infinity, label);
    const path = parents.join('').replace(/^\/\//, '/');
    routes.push(...methods.split(', ').map((method) => ({ method, path })));
  }
  return routes.filter(({ method }) => method !== '');
}

/** Controller methods that are open to everybody, with the reasons that they give. */
export function publicHandlers(nest: NestFastifyApplication): Readonly<Record<string, string>> {
  const controllers = [...nest.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype),
  );
  return Object.fromEntries(
    controllers.flatMap((controller) =>
      typeof controller === 'function' ? reasonsOf(controller as Type, nest.get(Reflector)) : [],
    ),
  );
}

function reasonsOf(controller: Type, reflector: Reflector): [string, string][] {
  return methodsOf(controller.prototype as object).flatMap(
    ([name, handler]): [string, string][] => {
      const reason = reflector.getAllAndOverride<string | undefined>(PUBLIC, [handler, controller]);
      return reason === undefined ? [] : [[`${controller.name}.${name}`, reason]];
    },
  );
}

type Method = (...parameters: unknown[]) => unknown;

/** Own and inherited ones. */
function methodsOf(prototype: object): [string, Method][] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const inherited = parent === null || parent === Object.prototype ? [] : methodsOf(parent);
  const own = Object.getOwnPropertyNames(prototype).flatMap((name): [string, Method][] => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return name !== 'constructor' && typeof value === 'function' ? [[name, value as Method]] : [];
  });
  return [...inherited, ...own];
}
