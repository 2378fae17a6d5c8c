import type { Json, JsonObject } from '../../src/policy/json.js';

/*
 * matcho once more, read off the specification sentence by sentence: slow, unbounded, and nothing in
 * common with the engine but the type of JSON.
 */

type Value = Json | undefined;

/** Whether the subject matches the pattern. */
export function naiveMatch(
  pattern: Json,
  subject: Value,
  context: Json,
  // `$reference` yields a target that also reads as the text it was written as.
  text: Value = subject,
): boolean {
  if (isList(pattern)) {
    return isList(subject) && pattern.every((p, at) => naiveMatch(p, subject[at], context));
  }
  if (isMap(pattern)) return matchesMap(pattern, subject, context, text);
  return typeof pattern === 'string'
    ? matchesText(pattern, subject, context, text)
    : text === pattern;
}

function matchesText(pattern: string, subject: Value, context: Json, text: Value): boolean {
  if (pattern === 'present?') return isThere(subject);
  if (pattern === 'nil?') return !isThere(subject);
  if (pattern === 'not-blank?') return typeof subject === 'string' && subject.trim() !== '';
  if (isRegex(pattern)) return typeof text === 'string' && new RegExp(pattern.slice(1)).test(text);
  return isPath(pattern) ? isSame(subject, lookUp(context, pattern)) : text === pattern;
}

function matchesMap(pattern: JsonObject, subject: Value, context: Json, text: Value): boolean {
  return Object.entries(pattern).every(([key, part]) => {
    if (key.startsWith('$')) return OPERATORS[key]?.(part, subject, context, text) ?? false;
    return isMap(subject) && naiveMatch(part, member(subject, key), context);
  });
}

type Operator = (argument: Json, subject: Value, context: Json, text: Value) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $enum: (argument, subject, context, text) =>
    isPath(argument)
      ? isAmong(subject, lookUp(context, argument))
      : isList(argument) && argument.some((value) => value === text),
  '$one-of': (argument, subject, context, text) =>
    isPath(argument)
      ? isAmong(subject, lookUp(context, argument))
      : isList(argument) && argument.some((p) => naiveMatch(p, subject, context, text)),
  $contains: (argument, subject, context) =>
    isList(subject) && subject.some((item) => naiveMatch(argument, item, context)),
  $every: (argument, subject, context) =>
    isList(subject) &&
    subject.length > 0 &&
    subject.every((item) => naiveMatch(argument, item, context)),
  '$present-all': (argument, subject, context) =>
    isList(argument) &&
    isList(subject) &&
    argument.every((p) => subject.some((item) => naiveMatch(p, item, context))),
  $length: (argument, subject) => isList(subject) && subject.length === argument,
  $not: (argument, subject, context, text) =>
    !hasDangling(argument, context) && !naiveMatch(argument, subject, context, text),
  $reference: (argument, subject, context) => {
    const target = targetOf(subject);
    return naiveMatch(argument, target?.shape, context, target?.text);
  },
};

/** Whether any path in the pattern leads nowhere, or to no list where one is meant. */
function hasDangling(pattern: Json, context: Json): boolean {
  if (isPath(pattern)) return !isThere(lookUp(context, pattern));
  if (isList(pattern)) return pattern.some((part) => hasDangling(part, context));
  if (!isMap(pattern)) return false;
  return Object.entries(pattern).some(([key, part]) => {
    if ((key === '$enum' || key === '$one-of') && isPath(part)) {
      return !isList(lookUp(context, part));
    }
    return hasDangling(part, context);
  });
}

function lookUp(context: Json, path: string): Value {
  let value: Value = context;
  for (const segment of path.slice(1).split('.')) {
    if (isList(value)) value = /^(0|[1-9]\d*)$/.test(segment) ? value[Number(segment)] : undefined;
    else value = isMap(value) ? member(value, segment) : undefined;
  }
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === '' || isEmpty ? undefined : value;
}

/** Both there, and equal or naming the same resource. */
function isSame(one: Value, other: Value): boolean {
  if (!isThere(one) || !isThere(other)) return false;
  const [target, otherTarget] = [targetOf(one), targetOf(other)];
  const isText = typeof one === 'string' && typeof other === 'string';
  if (target && otherTarget && !isText) return isSameTarget(target, otherTarget);
  return isSameContent(one, other);
}

function isSameContent(one: Value, other: Value): boolean {
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (isMap(one) && isMap(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].every((key) => isSame(member(one, key), member(other, key)));
  }
  return one === other;
}

function isAmong(subject: Value, list: Value): boolean {
  return isList(list) && list.some((value) => isSame(subject, value));
}

/** What a reference names, and how that is written. */
interface Target {
  readonly text: string;
  readonly shape: JsonObject;
}

const PARTS = ['reference', 'resourceType', 'id', 'type', 'display', 'identifier', 'extension'];

function targetOf(value: Value): Target | undefined {
  if (typeof value === 'string') return targetOfText(value);
  if (!isMap(value)) return undefined;
  if (Object.keys(value).some((key) => !PARTS.includes(key) && !key.startsWith('_'))) {
    return undefined;
  }
  const written = member(value, 'reference');
  const byText = typeof written === 'string' ? targetOfText(written) : undefined;
  const [type, id] = [member(value, 'resourceType'), member(value, 'id')];
  if (typeof type !== 'string') return byText;
  if (typeof id !== 'string') return undefined;
  const named = resource(type, id);
  const isAgreed = written === undefined || (byText && isSameTarget(byText, named));
  return isAgreed ? named : undefined;
}

function targetOfText(text: string): Target | undefined {
  const [, type, id] =
    /^\/?([A-Z][A-Za-z]*)\/([\w\-.]+)(?:\/_history\/[\w\-.]+)?$/.exec(text) ?? [];
  if (type !== undefined && id !== undefined) return resource(type, id);
  if (text.length > 1 && text.startsWith('#')) return { text, shape: { localRef: text.slice(1) } };
  return /^(?:https?:\/\/|urn:)./.test(text) ? { text, shape: { uri: text } } : undefined;
}

function isSameTarget(one: Target, other: Target): boolean {
  const keys = new Set([...Object.keys(one.shape), ...Object.keys(other.shape)]);
  return [...keys].every((key) => one.shape[key] === other.shape[key]);
}

function resource(resourceType: string, id: string): Target {
  const text = `${resourceType}/${id}`;
  return { text, shape: { resourceType, id, reference: text } };
}

const isThere = (value: Value): boolean => value !== undefined && value !== null;
const isList = (value: Value): value is readonly Json[] => Array.isArray(value);
const isMap = (value: Value): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPath = (value: Json): value is string => typeof value === 'string' && value.startsWith('.');
const isRegex = (value: Json): value is string =>
  typeof value === 'string' && value.startsWith('#');
const member = (value: JsonObject, key: string): Value =>
  Object.hasOwn(value, key) ? value[key] : undefined;
