/** How the value of a draft-07 keyword is read. */
export type KeywordKind =
  /** A schema. */
  | 'schema'
  /** A list of schemas. */
  | 'schemas'
  /** A schema or a list of schemas. */
  | 'schema-or-schemas'
  /** Schemas by name. */
  | 'schema-map'
  /** Schemas or lists of names, by name. */
  | 'dependencies'
  /** Any value, compared and never read as a schema. */
  | 'literal'
  /** A number that may come from the request. */
  | 'number'
  /** A count that may come from the request. */
  | 'count'
  /** A regular expression. */
  | 'pattern'
  /** Schemas by regular expression. */
  | 'pattern-map'
  | 'format'
  | 'reference'
  | 'identifier'
  | 'dialect'
  | 'content'
  /** Anything that the meta-schema alone decides. */
  | 'plain';

/** Every keyword of draft-07, and how it is read. `constant` is the older spelling of `const`. */
export const KEYWORDS: ReadonlyMap<string, KeywordKind> = new Map<string, KeywordKind>([
  ['$schema', 'dialect'],
  ['$id', 'identifier'],
  ['$ref', 'reference'],
  ['$comment', 'plain'],
  ['title', 'plain'],
  ['description', 'plain'],
  ['default', 'literal'],
  ['examples', 'literal'],
  ['readOnly', 'plain'],
  ['writeOnly', 'plain'],
  ['const', 'literal'],
  ['constant', 'literal'],
  ['enum', 'literal'],
  ['type', 'plain'],
  ['multipleOf', 'number'],
  ['maximum', 'number'],
  ['exclusiveMaximum', 'number'],
  ['minimum', 'number'],
  ['exclusiveMinimum', 'number'],
  ['maxLength', 'count'],
  ['minLength', 'count'],
  ['maxItems', 'count'],
  ['minItems', 'count'],
  ['maxProperties', 'count'],
  ['minProperties', 'count'],
  ['uniqueItems', 'plain'],
  ['required', 'plain'],
  ['pattern', 'pattern'],
  ['format', 'format'],
  ['contentEncoding', 'content'],
  ['contentMediaType', 'content'],
  ['items', 'schema-or-schemas'],
  ['additionalItems', 'schema'],
  ['contains', 'schema'],
  ['properties', 'schema-map'],
  ['patternProperties', 'pattern-map'],
  ['additionalProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['dependencies', 'dependencies'],
  ['definitions', 'schema-map'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
  ['not', 'schema'],
  ['allOf', 'schemas'],
  ['anyOf', 'schemas'],
  ['oneOf', 'schemas'],
]);

/** Identifier of the only dialect that is understood. */
export const DRAFT_07 = 'http://json-schema.org/draft-07/schema';
