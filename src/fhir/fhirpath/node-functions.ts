import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import type { FunctionDefinition } from './function-definition.js';
import { argument } from './filter-functions.js';
import { EMPTY, Node, scalarOf, type Collection, type Item } from './item.js';
import { Moment, momentOf } from './moment.js';
import { childrenOf, membersOf, type Evaluate, type Scope } from './scope.js';

/** Functions on the elements of resources (FHIRPath §5.8; FHIR R4, FHIRPath §2.9). */
export const NODE_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  children: { least: 0, most: 0, build: () => children },
  descendants: { least: 0, most: 0, build: () => descendants },
  hasValue: {
    least: 0,
    most: 0,
    build: () => (input) => [input.length === 1 && input.every(hasValue)],
  },
  extension: { least: 1, most: 1, build: (url) => (input, scope) => extensions(input, url, scope) },
  resolve: { least: 0, most: 0, build: () => resolved },
  // Narratives are checked by the walk over the resource, before any constraint.
  htmlChecks: { least: 0, most: 0, build: () => () => [true] },
  lowBoundary: { least: 0, most: 0, build: () => (input) => boundary(input, 'earliest') },
  highBoundary: { least: 0, most: 0, build: () => (input) => boundary(input, 'latest') },
};

function children(input: Collection, scope: Scope): Collection {
  return input.flatMap((item) => childrenOf(item, scope));
}

function descendants(input: Collection, scope: Scope): Collection {
  const found: Item[] = [];
  let level = children(input, scope);
  while (level.length > 0) {
    for (const item of level) found.push(item);
    level = children(level, scope);
  }
  return found;
}

function hasValue(item: Item): boolean {
  return scalarOf(item) !== undefined;
}

function extensions(input: Collection, url: Evaluate | undefined, scope: Scope): Collection {
  const [wanted] = argument(url, scope);
  return input
    .flatMap((item) => membersOf(item, 'extension', scope))
    .filter((item) => wanted !== undefined && textAt(item, 'url') === scalarOf(wanted));
}

/** Contained resources only: an evaluation asks no database. */
function resolved(input: Collection, scope: Scope): Collection {
  const ids = input.map((item) => textAt(item, 'reference') ?? scalarOf(item));
  const locals = ids.filter((id) => typeof id === 'string' && id.startsWith('#'));
  if (locals.length === 0) return EMPTY;
  const contained = membersOf(scope.rootResource, 'contained', scope);
  return locals.flatMap((id) => contained.filter((item) => `#${textAt(item, 'id') ?? ''}` === id));
}

function boundary(input: Collection, end: 'earliest' | 'latest'): Collection {
  return input.flatMap((item) => {
    const value = scalarOf(item);
    const moment = typeof value === 'string' ? momentOf(value) : value;
    return moment instanceof Moment ? [new Moment(moment[end], moment[end], moment.isZoned)] : [];
  });
}

function textAt(item: Item, name: string): string | undefined {
  const object: Json | undefined = item instanceof Node ? item.value : undefined;
  const value = isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
