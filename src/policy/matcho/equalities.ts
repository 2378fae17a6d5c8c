import { Interned } from '../interned.js';
import { own, type Json, type JsonObject } from '../json.js';
import type { Pattern } from './pattern.js';

type Paths = readonly (readonly string[])[];

/**
 * A pattern that is nothing but equalities, as paths of keys with the value at each.
 *
 * Flat, and with paths that similar patterns share: one of ten thousand policies is read from memory
 * rather than from a cache, where every object on the way costs more than a comparison.
 */
export interface Equalities {
  readonly paths: Paths;
  readonly values: readonly (string | number | boolean)[];
}

const PATHS = new Interned<Paths>();

/** The pattern as equalities; `undefined` when it asks anything else. */
export function equalitiesOf(pattern: Pattern): Equalities | undefined {
  const paths: (readonly string[])[] = [];
  const values: (string | number | boolean)[] = [];
  if (!collect(pattern, [], (path, value) => paths.push(path) && values.push(value))) {
    return undefined;
  }
  return { paths: PATHS.of(JSON.stringify(paths), paths), values };
}

/** Whether the subject has every value; exactly when it matches the pattern. */
export function areEqual({ paths, values }: Equalities, subject: JsonObject): boolean {
  let at = 0;
  for (const path of paths) {
    let value: Json | undefined = subject;
    for (const key of path) value = own(value, key);
    if (value !== values[at]) return false;
    at += 1;
  }
  return true;
}

/** @returns whether the pattern is only equalities, of which each was added then. */
function collect(
  pattern: Pattern,
  path: readonly string[],
  add: (path: readonly string[], value: string | number | boolean) => void,
): boolean {
  if (pattern.kind === 'value' && pattern.test.kind === 'equals') {
    add(path, pattern.test.value);
    return true;
  }
  return (
    pattern.kind === 'members' &&
    // Without members it asks whether there is an object.
    pattern.members.length > 0 &&
    pattern.members.every(
      ([step, member]) => typeof step === 'string' && collect(member, [...path, step], add),
    )
  );
}
