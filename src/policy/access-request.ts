import { isArray, isObject, type Json, type JsonObject } from './json.js';

/**
 * What policies see of a request, empty values removed (spec §7, request object).
 *
 * The keys of `params` for route parameters are `resource/type`, `resource/id` and the like.
 */
export interface AccessRequest extends JsonObject {
  /** Lower case. */
  readonly 'request-method'?: string;
  readonly scheme?: string;
  /** Canonical path without the query. */
  readonly uri?: string;
  readonly 'query-string'?: string;
  readonly params?: JsonObject;
  readonly body?: Json;
  readonly resource?: Json;
  /** Lower-case names; credentials redacted. */
  readonly headers?: JsonObject;
  readonly 'remote-addr'?: string;
  readonly operation?: JsonObject;
  /** Claims of a verified token. */
  readonly jwt?: JsonObject;
  /** Answer of an introspection endpoint. */
  readonly token?: JsonObject;
  readonly user?: JsonObject;
  readonly role?: readonly Json[];
  readonly session?: JsonObject;
  readonly client?: JsonObject;
  /** The question itself, when another service asks about a request (AuthZEN §6.1); never of a real one. */
  readonly evaluation?: JsonObject;
}

interface Frame {
  readonly source: readonly Json[] | JsonObject;
  readonly entries: Iterator<[string, Json]>;
  readonly kept: [string, Json][];
}

/**
 * Removes `""`, `[]`, `{}` and `null` at every depth, and what becomes empty by it (spec §7).
 *
 * @returns `undefined` when nothing is left. `false` and `0` stay. The input is not changed.
 */
export function prune(value: Json): Json | undefined {
  if (!isContainer(value)) return isBlank(value) ? undefined : value;
  return isPlainlyKept(value) ? value : pruneNested(value);
}

function pruneNested(value: readonly Json[] | JsonObject): Json | undefined {
  // Bodies may be nested deeper than the call stack reaches, so the walk keeps its own stack.
  const stack: Frame[] = [];
  const keys: string[] = [];
  let frame = open(value);
  for (;;) {
    const next = frame.entries.next();
    if (next.done !== true) {
      const [key, child] = next.value;
      if (isContainer(child)) {
        stack.push(frame);
        keys.push(key);
        frame = open(child);
      } else if (!isBlank(child)) frame.kept.push([key, child]);
      continue;
    }
    const result = close(frame);
    const parent = stack.pop();
    const key = keys.pop();
    if (parent === undefined || key === undefined) return result;
    if (result !== undefined) parent.kept.push([key, result]);
    frame = parent;
  }
}

/** Whether nothing is nested and nothing blank, as in most headers and parameters: no copy is needed. */
function isPlainlyKept(value: readonly Json[] | JsonObject): boolean {
  if (isArray(value)) return false;
  const keys = Object.keys(value);
  return (
    keys.length > 0 &&
    keys.every((key) => {
      const child = value[key] as Json;
      return !isContainer(child) && !isBlank(child);
    })
  );
}

function isContainer(value: Json): value is readonly Json[] | JsonObject {
  return isArray(value) || isObject(value);
}

function isBlank(value: Json): boolean {
  return value === null || value === '';
}

function open(source: readonly Json[] | JsonObject): Frame {
  return { source, entries: Object.entries<Json>(source as JsonObject).values(), kept: [] };
}

function close({ source, kept }: Frame): Json | undefined {
  if (kept.length === 0) return undefined;
  // fromEntries defines own properties, so a key named __proto__ stays a key.
  return isArray(source) ? kept.map(([, value]) => value) : Object.fromEntries(kept);
}
