import { isArray, isObject, own, ownString, type Json } from '../json.js';
import type { Pattern } from '../matcho/pattern.js';
import type { Rule } from '../policy.js';

/** What a rule asks of one place of the request. */
export interface Asked {
  readonly keys: readonly string[];
  /** The texts that are asked for by equality. */
  readonly texts: readonly string[];
  /** Source of a regular expression. */
  readonly regex?: string;
  /** The place elsewhere in the request that the value is compared with. */
  readonly path?: readonly string[] | undefined;
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
      return [{ keys, texts: [], path: pattern.path, fits: 'any' }];
    case 'members':
      return [
        { keys, texts: [], fits: pattern.of },
        ...pattern.members.flatMap(([key, member]) =>
          askedByPattern(member, [...keys, typeof key === 'number' ? ITEM : key]),
        ),
      ];
    case 'items':
      return [
        { keys, texts: [], fits: 'array' },
        ...pattern.patterns.flatMap((part) => askedByPattern(part, [...keys, ITEM])),
      ];
    case 'all':
    case 'one-of':
      return pattern.patterns.flatMap((part) => askedByPattern(part, keys));
    case 'not':
      return askedByPattern(pattern.pattern, keys);
    case 'reference':
      // Its members are those of any form of a reference.
      return [{ keys, texts: [], fits: 'any' }];
  }
}

function askedByValue(
  { test }: Extract<Pattern, { kind: 'value' }>,
  keys: readonly string[],
): Asked {
  switch (test.kind) {
    case 'equals':
      return askedByEquality([test.value], keys);
    case 'enum':
      return askedByEquality([...test.values], keys);
    case 'regex':
      return { keys, texts: [], regex: test.regex.source, fits: 'text' };
    case 'not-blank':
      return { keys, texts: [], fits: 'text' };
    case 'length':
      return { keys, texts: [], fits: 'array' };
    case 'present':
    case 'nil':
      return { keys, texts: [], fits: 'any' };
  }
}

function askedByEquality(values: readonly (Json | undefined)[], keys: readonly string[]): Asked {
  const texts = textsOf(values);
  return { keys, texts, fits: texts.length > 0 ? 'text' : 'scalar' };
}

/** Schemas that apply to the same value. */
const SAME_VALUE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];

function askedBySchema(schema: Json | undefined, keys: readonly string[]): readonly Asked[] {
  if (!isObject(schema)) return [];
  const texts = textsOf([own(schema, 'const'), ...listOf(own(schema, 'enum'))]);
  const required = textsOf(listOf(own(schema, 'required')));
  return [
    { keys, texts, ...patternOf(schema), path: pointerIn(schema), fits: 'any' },
    ...required.map((key): Asked => ({ keys: [...keys, key], texts: [], fits: 'any' })),
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

function patternOf(schema: Json): Pick<Asked, 'regex'> {
  const regex = ownString(schema, 'pattern');
  return regex === undefined || regex === '' ? {} : { regex };
}

function pointerIn(schema: Json): readonly string[] | undefined {
  const pointer = ['const', 'enum']
    .map((keyword) => ownString(own(schema, keyword), '$data'))
    .find((found) => found !== undefined);
  return pointer?.split('/').slice(1);
}

function objectAt(schema: Json, key: string): Readonly<Record<string, Json>> {
  const value = own(schema, key);
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly (Json | undefined)[] {
  return isArray(value) ? value : [value];
}

function textsOf(values: readonly (Json | undefined)[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}
