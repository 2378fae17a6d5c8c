import type { Json, JsonObject } from '../../src/policy/json.js';

/*
 * draft-07 once more, a line for each keyword, with `constant` and `$data` as spec §7 has them: slow, unbounded,
 * and nothing in common with the engine but the type of JSON. Formats and contents are left out.
 */

/** Whether a request is valid by a schema; false where a `$data` pointer of it leads nowhere. */
export function naiveValid(schema: Json, request: Json): boolean {
  const filled = fill(schema, request);
  return filled !== undefined && isValid(filled, request, filled);
}

/** A keyword by its argument, the value, the schema that it stands in, and the whole document. */
type Keyword = (argument: Json, value: Json, schema: JsonObject, root: Json) => boolean;

function isValid(schema: Json, value: Json, root: Json): boolean {
  if (!isMap(schema)) return schema === true;
  return Object.entries(schema).every(([name, argument]) => {
    if (SILENT.includes(name)) return true;
    const keyword = KEYWORDS[name];
    if (!keyword) throw new Error(`${name} is no keyword that is known here`);
    return keyword(argument, value, schema, root);
  });
}

const SILENT = [
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'definitions'],
  // Read by `items` and `if`.
  ...['additionalItems', 'then', 'else'],
];

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: (pointer, value, _schema, root) => isValid(found(root, pointer) ?? false, value, root),
  type: (names, value) => listOf(names).some((name) => isOfType(value, name)),
  const: (other, value) => isSame(value, other),
  constant: (other, value) => isSame(value, other),
  enum: (others, value) => listOf(others).some((other) => isSame(value, other)),
  multipleOf: number((value, step) => Number.isInteger(value / step)),
  maximum: number((value, limit) => value <= limit),
  minimum: number((value, limit) => value >= limit),
  exclusiveMaximum: number((value, limit) => value < limit),
  exclusiveMinimum: number((value, limit) => value > limit),
  maxLength: text((value, limit) => Array.from(value).length <= Number(limit)),
  minLength: text((value, limit) => Array.from(value).length >= Number(limit)),
  pattern: text((value, source) => new RegExp(textOf(source), 'u').test(value)),
  items: (_items, value, schema, root) =>
    !isList(value) || value.every((item, at) => isValid(itemSchema(schema, at), item, root)),
  maxItems: list((value, limit) => value.length <= Number(limit)),
  minItems: list((value, limit) => value.length >= Number(limit)),
  uniqueItems: list(
    (value, isWanted) =>
      isWanted !== true ||
      value.every((one, at) => value.slice(at + 1).every((other) => !isSame(one, other))),
  ),
  contains: (part, value, _schema, root) =>
    !isList(value) || value.some((item) => isValid(part, item, root)),
  maxProperties: map((value, limit) => Object.keys(value).length <= Number(limit)),
  minProperties: map((value, limit) => Object.keys(value).length >= Number(limit)),
  required: map((value, names) => listOf(names).every((name) => textOf(name) in value)),
  properties: members,
  patternProperties: members,
  additionalProperties: members,
  propertyNames: (part, value, _schema, root) =>
    !isMap(value) || Object.keys(value).every((name) => isValid(part, name, root)),
  dependencies: (parts, value, _schema, root) =>
    !isMap(value) ||
    Object.entries(parts as JsonObject)
      .filter(([name]) => name in value)
      .every(([, part]) => isValid(isList(part) ? { required: part } : part, value, root)),
  if: (condition, value, schema, root) =>
    isValid(schema[isValid(condition, value, root) ? 'then' : 'else'] ?? true, value, root),
  allOf: (parts, value, _schema, root) => listOf(parts).every((part) => isValid(part, value, root)),
  anyOf: (parts, value, _schema, root) => listOf(parts).some((part) => isValid(part, value, root)),
  oneOf: (parts, value, _schema, root) =>
    listOf(parts).filter((part) => isValid(part, value, root)).length === 1,
  not: (part, value, _schema, root) => !isValid(part, value, root),
};

function number(holds: (value: number, argument: number) => boolean): Keyword {
  return (argument, value) => typeof value !== 'number' || holds(value, Number(argument));
}

function text(holds: (value: string, argument: Json) => boolean): Keyword {
  return (argument, value) => typeof value !== 'string' || holds(value, argument);
}

function list(holds: (value: readonly Json[], argument: Json) => boolean): Keyword {
  return (argument, value) => !isList(value) || holds(value, argument);
}

function map(holds: (value: JsonObject, argument: Json) => boolean): Keyword {
  return (argument, value) => !isMap(value) || holds(value, argument);
}

function itemSchema(schema: JsonObject, at: number): Json {
  const items = schema['items'] ?? true;
  if (!isList(items)) return items;
  return items[at] ?? schema['additionalItems'] ?? true;
}

/** By `properties`, `patternProperties`, and `additionalProperties` where neither names the member. */
function members(_argument: Json, value: Json, schema: JsonObject, root: Json): boolean {
  if (!isMap(value)) return true;
  const named = (schema['properties'] ?? {}) as JsonObject;
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as JsonObject);
  return Object.entries(value).every(([name, member]) => {
    const parts = patterns
      .filter(([source]) => new RegExp(source, 'u').test(name))
      .map(([, part]) => part);
    if (Object.hasOwn(named, name)) parts.push(named[name] ?? true);
    if (parts.length === 0) parts.push(schema['additionalProperties'] ?? true);
    return parts.every((part) => isValid(part, member, root));
  });
}

function isOfType(value: Json, name: Json): boolean {
  if (name === 'null') return value === null;
  if (name === 'array') return isList(value);
  if (name === 'object') return isMap(value);
  return name === 'integer' ? Number.isInteger(value) : typeof value === name;
}

/** The schema with values of the request for `$data`; `undefined` when one of them is not to be had. */
function fill(schema: Json, request: Json, keyword = ''): Json | undefined {
  if (isList(schema)) {
    const parts = fillParts(schema, request);
    return parts && Object.values(parts);
  }
  if (!isMap(schema)) return schema;
  if (!('$data' in schema)) return fillParts(schema, request);
  const value = found(request, schema['$data'] ?? '');
  return value !== undefined && fits(keyword, value) ? value : undefined;
}

function fillParts(schema: JsonObject | readonly Json[], request: Json): JsonObject | undefined {
  const parts: [string, Json][] = [];
  for (const [name, part] of Object.entries(schema)) {
    const filled = fill(part, request, name);
    if (filled === undefined) return undefined;
    parts.push([name, filled]);
  }
  return Object.fromEntries(parts);
}

function fits(keyword: string, value: Json): boolean {
  if (keyword === 'const' || keyword === 'constant') return true;
  return keyword === 'enum' ? isList(value) : typeof value === 'number';
}

/** What a JSON pointer in the form of a fragment leads to. */
function found(root: Json, pointer: Json): Json | undefined {
  let value: Json | undefined = root;
  for (const step of textOf(pointer).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const isContainer: boolean = typeof value === 'object' && value !== null;
    value =
      isContainer && Object.hasOwn(value as object, name) ? (value as JsonObject)[name] : undefined;
  }
  return value;
}

function isSame(one: Json, other: Json): boolean {
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, at) => isSame(item, other[at] ?? null));
  }
  if (!isMap(one) || !isMap(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && isSame(one[name] ?? null, other[name] ?? null))
  );
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: Json): readonly Json[] {
  return isList(value) ? value : [value];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
