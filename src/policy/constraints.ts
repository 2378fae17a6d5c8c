import { isArray, isObject, own, ownString, type Json } from './json.js';
import { childrenOf, type Pattern, type ValueTest } from './matcho/pattern.js';
import type { Rule } from './policy.js';

/** Keys from the root of the request object. */
export type RequestKeys = readonly string[];

/** Parts of a request that its sender does not choose. */
const TRUSTED: ReadonlySet<string> = new Set(['user', 'role', 'session', 'client', 'jwt', 'token']);

type Names = (expression: string) => boolean;

/** What a rule may ask of a place in the request. */
export type Question = { readonly keys: RequestKeys } & (
  | { /** That there is something. */ readonly asks: 'presence' }
  | {
      /** That it is certain values and no others. */
      readonly asks: 'value';
      /** Whether a regular expression names what it finds; one that does not asks for nothing. */
      readonly names: Names;
    }
);

/**
 * Whether the rule can hold only for requests of which it asks at least one of the questions.
 *
 * In doubt the answer is no: negations and `nil?` count for nothing, of alternatives each must ask.
 */
export function asksAny(rule: Rule, questions: readonly Question[]): boolean {
  switch (rule.engine) {
    case 'allow':
    case 'sql':
    case 'matcho-rpc':
    case 'allow-rpc':
      return false;
    case 'matcho':
      return patternAsks(rule.pattern, questions);
    case 'json-schema':
      return schemaAsks(rule.schema.source, questions);
    case 'complex':
      return rule.operator === 'and'
        ? rule.rules.some((part) => asksAny(part, questions))
        : rule.rules.every((part) => asksAny(part, questions));
  }
}

function patternAsks(pattern: Pattern, questions: readonly Question[]): boolean {
  if (pattern.kind === 'all') return pattern.patterns.some((part) => patternAsks(part, questions));
  if (pattern.kind === 'one-of') {
    return pattern.patterns.every((branch) => patternAsks(branch, questions));
  }
  return questions.some((question) =>
    atKeys(pattern, question.keys, (part) =>
      question.asks === 'presence' ? requiresPresence(part) : constrains(part, question.names),
    ),
  );
}

function schemaAsks(schema: Json | undefined, questions: readonly Question[]): boolean {
  const allOf = own(schema, 'allOf');
  if (isArray(allOf) && allOf.some((part) => schemaAsks(part, questions))) return true;
  const anyOf = own(schema, 'anyOf') ?? own(schema, 'oneOf');
  if (isArray(anyOf) && anyOf.every((branch) => schemaAsks(branch, questions))) return true;
  return questions.some((question) =>
    schemaAt(
      schema,
      question.keys,
      (part) => question.asks === 'presence' || schemaConstrains(part, question.names),
    ),
  );
}

/** Whether every way to satisfy the pattern satisfies something at the keys that `holds` accepts. */
function atKeys(pattern: Pattern, keys: RequestKeys, holds: (part: Pattern) => boolean): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return holds(pattern);
  switch (pattern.kind) {
    case 'members':
      return pattern.members.some(([step, member]) => step === key && atKeys(member, rest, holds));
    case 'all':
      return pattern.patterns.some((part) => atKeys(part, keys, holds));
    case 'one-of':
      return pattern.patterns.every((branch) => atKeys(branch, keys, holds));
    case 'value':
    case 'path':
    case 'items':
    case 'not':
    case 'reference':
      return false;
  }
}

/** Whether a missing value can never satisfy the pattern. */
function requiresPresence(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'value':
      return pattern.test.kind !== 'nil';
    case 'path':
    case 'members':
    case 'items':
      return true;
    case 'all':
      return pattern.patterns.some(requiresPresence);
    case 'one-of':
      return pattern.patterns.every(requiresPresence);
    case 'reference':
      return requiresPresence(pattern.target);
    case 'not':
      return false;
  }
}

/** Whether the pattern asks more of a value than to be there. */
function constrains(pattern: Pattern, names: Names): boolean {
  switch (pattern.kind) {
    case 'value':
      return testConstrains(pattern.test, names);
    case 'path':
      // What the sender chooses can be made to fit.
      return TRUSTED.has(pattern.path[0] ?? '');
    case 'members':
    case 'all':
    case 'items':
      return childrenOf(pattern).some((part) => constrains(part, names));
    case 'reference':
      return targetConstrains(pattern.target);
    case 'one-of':
      return pattern.patterns.every((part) => constrains(part, names));
    case 'not':
      return false;
  }
}

/** Parts of a target that say what it is; its id alone may be that of anything. */
const TELLING: ReadonlySet<string | number> = new Set(['resourceType', 'reference']);

/** As {@link constrains}, of what a reference leads to: no text of the request, so that no expression names it. */
function targetConstrains(target: Pattern): boolean {
  switch (target.kind) {
    case 'members':
      return target.members.some(([key, part]) => TELLING.has(key) && targetConstrains(part));
    case 'all':
      return target.patterns.some(targetConstrains);
    case 'one-of':
      return target.patterns.every(targetConstrains);
    case 'value':
    case 'path':
    case 'items':
    case 'not':
    case 'reference':
      return constrains(target, () => false);
  }
}

function testConstrains(test: ValueTest, names: Names): boolean {
  switch (test.kind) {
    case 'equals':
    case 'enum':
    case 'length':
      return true;
    case 'regex':
      return names(test.regex.source);
    case 'present':
    case 'nil':
    case 'not-blank':
      return false;
  }
}

/** Whether a schema requires the keys, and what it says there is accepted. */
function schemaAt(
  schema: Json | undefined,
  keys: RequestKeys,
  holds: (schema: Json | undefined) => boolean,
): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return holds(schema);
  const required = own(schema, 'required');
  const isRequired = isArray(required) && required.includes(key);
  if (isRequired && schemaAt(own(own(schema, 'properties'), key), rest, holds)) return true;
  const allOf = own(schema, 'allOf');
  if (isArray(allOf) && allOf.some((part) => schemaAt(part, keys, holds))) return true;
  const anyOf = own(schema, 'anyOf') ?? own(schema, 'oneOf');
  return isArray(anyOf) && anyOf.every((branch) => schemaAt(branch, keys, holds));
}

function schemaConstrains(schema: Json | undefined, names: Names): boolean {
  if (!isObject(schema) || Object.hasOwn(schema, '$ref')) return false;
  const pattern = ownString(schema, 'pattern');
  if (pattern) {
    const isText = ownString(schema, 'type') === 'string';
    return isText && names(pattern);
  }
  const value = own(schema, 'const') ?? own(schema, 'enum');
  if (value === undefined) return false;
  const pointer = ownString(value, '$data');
  return pointer === undefined || TRUSTED.has(pointer.split('/')[1] ?? '');
}
