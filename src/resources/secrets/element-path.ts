import { isLosslessNumber } from 'lossless-json';
import type { Json } from '../../policy/json.js';

/** A mutable JSON object, of a copy that is being worked on. */
export type Draft = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing with the original but its numbers, which may be exact ones. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return (value as unknown[]).map(copyOf) as T;
  if (!isDraft(value) || isLosslessNumber(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, copyOf(member)]);
  return Object.fromEntries(members) as T;
}

/** A place where an element may stand: the object that holds it, and where that is. */
export interface Place {
  readonly holder: Draft;
  readonly key: string;
  /** JSON Pointer (RFC 6901) of the element. */
  readonly pointer: string;
}

/** Every place that an element path such as `jwt.keys[].k` leads to in a resource. */
export function placesOf(resource: Draft, path: string): readonly Place[] {
  const steps = path.split('.');
  const key = steps.pop() ?? '';
  let holders: { holder: Draft; pointer: string }[] = [{ holder: resource, pointer: '' }];
  for (const step of steps) {
    const name = step.replace('[]', '');
    holders = holders.flatMap(({ holder, pointer }) =>
      step.endsWith('[]')
        ? items(own(holder, name)).map(([item, at]) => ({
            holder: item,
            pointer: `${pointer}/${name}/${at}`,
          }))
        : [own(holder, name)]
            .filter(isDraft)
            .map((child) => ({ holder: child, pointer: `${pointer}/${name}` })),
    );
  }
  return holders.map(({ holder, pointer }) => ({ holder, key, pointer: `${pointer}/${key}` }));
}

/** Values that an element path leads to, in order; what is absent counts as `null`. */
export function valuesAt(resource: Draft, path: string): readonly Json[] {
  return placesOf(resource, path).map(({ holder, key }) => (own(holder, key) ?? null) as Json);
}

/** FHIRPath of a JSON Pointer: `/jwt/keys/0/k` of TokenIntrospector is `TokenIntrospector.jwt.keys[0].k`. */
export function expressionOf(type: string, pointer: string): string {
  return type + pointer.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.');
}

function own(holder: Draft, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function items(value: unknown): readonly (readonly [Draft, number])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, at) => (isDraft(item) ? [[item, at] as const] : []));
}
