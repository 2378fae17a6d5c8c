import { RE2JS } from 're2js';
import { InvalidExpression } from './fhirpath-error.js';
import type { FunctionDefinition } from './function-definition.js';
import { argument } from './filter-functions.js';
import { EMPTY, scalarOf, type Collection } from './item.js';
import type { Evaluate, Scope } from './scope.js';

/** Functions on strings, and conversions (FHIRPath §5.5 and §5.6). */
export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  startsWith: comparing((text, part) => text.startsWith(part)),
  endsWith: comparing((text, part) => text.endsWith(part)),
  contains: comparing((text, part) => text.includes(part)),
  indexOf: comparing((text, part) => text.indexOf(part)),
  matches: comparing((text, pattern) => regular(pattern).matcher(text).matches()),
  upper: { least: 0, most: 0, build: () => on((text) => text.toUpperCase()) },
  lower: { least: 0, most: 0, build: () => on((text) => text.toLowerCase()) },
  length: { least: 0, most: 0, build: () => on((text) => text.length) },
  replace: replacing((text, part, by) => text.split(part).join(by)),
  replaceMatches: replacing((text, pattern, by) => regular(pattern).matcher(text).replaceAll(by)),
  substring: {
    least: 1,
    most: 2,
    build: (start, length) => (input, scope) => substring(input, [start, length], scope),
  },
  toInteger: { least: 0, most: 0, build: () => converted(/^[+-]?\d{1,10}$/) },
  toDecimal: { least: 0, most: 0, build: () => converted(/^[+-]?\d{1,30}(?:\.\d{1,30})?$/) },
  toString: { least: 0, most: 0, build: () => toText },
};

const patterns = new Map<string, RE2JS>();
const MAX_PATTERNS = 500;

/** The whole of a text must match, in time linear in its length. */
function regular(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  const compiled = compiledPattern(pattern);
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  patterns.set(pattern, compiled);
  return compiled;
}

function compiledPattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new InvalidExpression('has a regular expression that is not supported');
  }
}

function comparing(compare: (text: string, other: string) => boolean | number): FunctionDefinition {
  return {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => {
      const [text, part] = [textOf(input), textOf(argument(other, scope))];
      return text === undefined || part === undefined ? EMPTY : [compare(text, part)];
    },
  };
}

function replacing(change: (text: string, part: string, by: string) => string): FunctionDefinition {
  return {
    least: 2,
    most: 2,
    build: (part, by) => (input, scope) => {
      const [text, from, to] = [
        textOf(input),
        textOf(argument(part, scope)),
        textOf(argument(by, scope)),
      ];
      if (text === undefined || from === undefined || to === undefined) return EMPTY;
      scope.budget.take(text.length * (to.length + 1));
      return [change(text, from, to)];
    },
  };
}

function on(change: (text: string) => string | number): (input: Collection) => Collection {
  return (input) => {
    const text = textOf(input);
    return text === undefined ? EMPTY : [change(text)];
  };
}

function substring(
  input: Collection,
  [start, length]: readonly (Evaluate | undefined)[],
  scope: Scope,
): Collection {
  const text = textOf(input);
  const from = numberOf(argument(start, scope));
  if (text === undefined || from === undefined || from < 0 || from >= text.length) return EMPTY;
  const count = length ? numberOf(argument(length, scope)) : text.length;
  return [text.slice(from, from + Math.max(0, count ?? 0))];
}

function converted(form: RegExp): (input: Collection) => Collection {
  return (input) => {
    const [item] = input;
    const value = item === undefined ? undefined : scalarOf(item);
    if (typeof value === 'number') return [value];
    return typeof value === 'string' && form.test(value) ? [Number(value)] : EMPTY;
  };
}

function toText(input: Collection): Collection {
  const [item] = input;
  const value = item === undefined ? undefined : scalarOf(item);
  return value === undefined ? EMPTY : [String(value)];
}

function textOf([item]: Collection): string | undefined {
  const value = item === undefined ? undefined : scalarOf(item);
  return typeof value === 'string' ? value : undefined;
}

function numberOf([item]: Collection): number | undefined {
  const value = item === undefined ? undefined : scalarOf(item);
  return typeof value === 'number' ? value : undefined;
}
