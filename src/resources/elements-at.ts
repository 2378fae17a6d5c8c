import { isArray, own, type Json, type JsonObject } from '../policy/json.js';

/** A value with the FHIRPath that leads to it, the type left out: `link[0].link`. */
export interface ElementAt {
  readonly value: Json;
  readonly expression: string;
}

/** What stands at an element path such as `links.patient` or `link[].link`, in order. */
export function elementsAt(resource: JsonObject, path: string): readonly ElementAt[] {
  let found: readonly ElementAt[] = [{ value: resource, expression: '' }];
  for (const step of path.split('.')) {
    const name = step.replace('[]', '');
    found = found.flatMap((parent) => childrenOf(parent, name, step.endsWith('[]')));
  }
  return found;
}

function childrenOf(parent: ElementAt, name: string, repeats: boolean): readonly ElementAt[] {
  const value = own(parent.value, name);
  if (value === undefined) return [];
  const expression = parent.expression === '' ? name : `${parent.expression}.${name}`;
  if (!repeats) return [{ value, expression }];
  if (!isArray(value)) return [];
  return value.map((entry, at) => ({ value: entry, expression: `${expression}[${at}]` }));
}
