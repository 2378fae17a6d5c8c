import { isArray, isObject, own, ownString, type Json } from '../json.js';
import type { Pattern } from '../matcho/pattern.js';
import type { Rule } from '../policy.js';

/** What a rule asks of one place of the request. */
export interface Asked {
  readonly keys: readonly string[];
  /** The values that are asked for by equality. */
  readonly values: readonly Json[];
  /** Source of a regular expression. */
  readonly regex?: string;
  /** The place elsewhere in the request that the value is compared with. */
  readonly path?: readonly string[];
  /** What kind of value can fit; `any` where that is not said. */
  readonly fits: 'any' | 'object' | 'array' | 'text' | 'scalar';
}

/** Stands for the items of a list among the keys of a place. */
export const ITEM = '*';

/** Everything that a rule asks, whether or not it must all hold, negations included. */
export function askedBy(rule: Rule): readonly Asked[] {
  switch (rule.engine) {
    case 'allow':
    case 'sql':
    case 'allow-rpc':
      return [];
    case 'matcho':
      return askedByPattern(rule.pattern, []);
    case 'matcho-rpc':
      return [...rule.methods.values()].flatMap((pattern) => askedByPattern(pattern, []));
    case 'json-schema':
      return askedBySchema(rule.schema.source, []);
    case 'complex':
      return rule.rules.flatMap(askedBy);
  }
}

function askedByPattern(pattern: Pattern, keys: readonly string[]): readonly Asked[] {
  switch (pattern.kind) {
    case 'value':
      return [askedByValue(pattern, keys)];
    case 'path':
      return [{ keys, values: [], path: pattern.path, fits: 'any' }];
    case 'members':
      return [
        { keys, values: [], fits: pattern.of },
        ...pattern.members.flatMap(([key, member]) =>
          askedByPattern(member, [...keys, typeof key === 'number' ? ITEM : key]),
        ),
      ];
    case 'items':
      return [
        { keys, values: [], fits: 'array' },
        ...pattern.patterns.flatMap((part) => askedByPattern(part, [...keys, ITEM])),
      ];
    case 'all':
    case 'one-of':
      return pattern.patterns.flatMap((part) => askedByPattern(part, keys));
    case 'not':
      return askedByPattern(pattern.pattern, keys);
    case 'reference':
      // Its members are those of any form of a reference.
      return [{ keys, values: [], fits: 'any' }];
  }
}

function askedByValue(
  { test }: Extract<Pattern, { kind: 'value' }>,
  keys: readonly string[],
): Asked {
  switch (test.kind) {
    case 'equals':
      return {
        keys,
        values: [test.value],
        fits: typeof test.value === 'string' ? 'text' : 'scalar',
      };
    case 'enum': {
      const values = [...test.values].filter((value) => value !== undefined);
      const isText = values.some((value) => typeof value === 'string');
      return { keys, values, fits: isText ? 'text' : 'scalar' };
    }
    case 'regex':
      return { keys, values: [], regex: test.regex.source, fits: 'text' };
    case 'not-blank':
      return { keys, values: [], fits: 'text' };
    case 'length':
      return { keys, values: [], fits: 'array' };
    case 'present':
    case 'nil':
      return { keys, values: [], fits: 'any' };
  }
}

/** Schemas that apply to the same value. */
const SAME_VALUE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];

function askedBySchema(schema: Json | undefined, keys: readonly string[]): readonly Asked[] {
  if (!isObject(schema)) return [];
  return [
    { keys, values: valuesOf(schema), ...patternOf(schema), ...pointerOf(schema), fits: 'any' },
    ...requiredIn(schema).map((key): Asked => ({ keys: [...keys, key], values: [], fits: 'any' })),
    ...Object.entries(objectAt(schema, 'properties')).flatMap(([key, part]) =>
      askedBySchema(part, [...keys, key]),
    ),
    ...['items', 'contains'].flatMap((key) =>
      listOf(own(schema, key)).flatMap((part) => askedBySchema(part, [...keys, ITEM])),
    ),
    ...SAME_VALUE.flatMap((key) =>
      listOf(own(schema, key)).flatMap((part) => askedBySchema(part, keys)),
    ),
  ];
}

function valuesOf(schema: Json): readonly Json[] {
  const constant = own(schema, 'const');
  const values = own(schema, 'enum');
  return [
    ...(constant === undefined || isObject(constant) ? [] : [constant]),
    ...(isArray(values) ? values : []),
  ];
}

function patternOf(schema: Json): Pick<Asked, 'regex'> {
  const regex = ownString(schema, 'pattern');
  return regex === undefined || regex === '' ? {} : { regex };
}

function pointerOf(schema: Json): Pick<Asked, 'path'> {
  const pointer = ['const', 'enum']
    .map((keyword) => ownString(own(schema, keyword), '$data'))
    .find((found) => found !== undefined);
  const [, ...path] = pointer?.split('/') ?? [];
  return path.length === 0 ? {} : { path };
}

function requiredIn(schema: Json): readonly string[] {
  return listOf(own(schema, 'required')).filter((key) => typeof key === 'string');
}

function objectAt(schema: Json, key: string): Readonly<Record<string, Json>> {
  const value = own(schema, key);
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isArray(value) ? value : [value];
}
