import type { DynamicModule, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';

type Module = Type | DynamicModule;

/**
 * Every controller that a module brings, those of the modules that it imports included, without starting
 * any of them.
 */
export function controllersOf(module: Module, seen = new Set<Type>()): readonly Type[] {
  const configured: Partial<DynamicModule> = 'module' in module ? module : {};
  const type = 'module' in module ? module.module : module;
  if (seen.has(type)) return [];
  seen.add(type);
  const imports = [...decorated(type, MODULE_METADATA.IMPORTS), ...(configured.imports ?? [])];
  const own = [...decorated(type, MODULE_METADATA.CONTROLLERS), ...(configured.controllers ?? [])];
  // No module of this application is imported later than when it is decorated.
  return [...imports.flatMap((each) => controllersOf(each as Module, seen)), ...own];
}

/** What the decorator of a module names. */
function decorated(type: Type, name: string): readonly Type[] {
  return (Reflect.getMetadata(name, type) ?? []) as readonly Type[];
}
