import { RE2JS } from 're2js';
import { InvalidExpression } from './fhirpath-error.js';
import type { FunctionDefinition } from './function-definition.js';
import { argument } from './filter-functions.js';
import { EMPTY, scalarOf, type Collection } from './item.js';
import type { Budget, Evaluate, Scope } from './scope.js';

const MAX_PATTERNS = 500;
const MAX_LENGTH = 1_000;
/** What a pattern is compiled to; that of the largest of R4 has some thousand instructions. */
const MAX_INSTRUCTIONS = 5_000;
/** RE2 compiles `x{n}` to n copies, and refuses more copies within copies than these. */
const MAX_COPIES = 1_000;
/** A character is compared with some of the instructions, most of which it does not reach. */
const INSTRUCTIONS_PER_STEP = 50;

const patterns = new Map<string, RE2JS>();

/** Functions on strings, and conversions (FHIRPath §5.5 and §5.6). */
export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  startsWith: comparing(atOneEnd((text, part) => text.startsWith(part))),
  endsWith: comparing(atOneEnd((text, part) => text.endsWith(part))),
  contains: comparing(anywhere((text, part) => text.includes(part))),
  indexOf: comparing(anywhere((text, part) => text.indexOf(part))),
  matches: comparing(matchesWhole),
  upper: { least: 0, most: 0, build: () => on((text) => text.toUpperCase()) },
  lower: { least: 0, most: 0, build: () => on((text) => text.toLowerCase()) },
  length: { least: 0, most: 0, build: () => on((text) => text.length) },
  replace: replacing(replaced),
  replaceMatches: replacing(replacedMatches),
  substring: {
    least: 1,
    most: 2,
    build: (start, length) => (input, scope) => substring(input, [start, length], scope),
  },
  toInteger: { least: 0, most: 0, build: () => converted(/^[+-]?\d{1,10}$/) },
  toDecimal: { least: 0, most: 0, build: () => converted(/^[+-]?\d{1,30}(?:\.\d{1,30})?$/) },
  toString: { least: 0, most: 0, build: () => toText },
};

type Compare = (text: string, other: string, budget: Budget) => boolean | number;

function atOneEnd(compare: (text: string, part: string) => boolean): Compare {
  return (text, part, budget) => {
    budget.takeCharacters(part.length);
    return compare(text, part);
  };
}

/** At worst the part is compared at each position of the text. */
function anywhere(compare: (text: string, part: string) => boolean | number): Compare {
  return (text, part, budget) => {
    budget.takeCharacters(text.length * Math.max(1, part.length));
    return compare(text, part);
  };
}

type Change = (text: string, part: string, by: string, budget: Budget) => string;

function replaced(text: string, part: string, by: string, budget: Budget): string {
  budget.takeCharacters(text.length * Math.max(1, part.length));
  return text.split(part).join(by);
}

function comparing(compare: Compare): FunctionDefinition {
  return {
    least: 1,
    most: 1,
    build: (other) => (input, scope) => {
      const [text, part] = [textOf(input), textOf(argument(other, scope))];
      return text === undefined || part === undefined ? EMPTY : [compare(text, part, scope.budget)];
    },
  };
}

function replacing(change: Change): FunctionDefinition {
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
      return [change(text, from, to, scope.budget)];
    },
  };
}

function on(
  change: (text: string) => string | number,
): (input: Collection, scope: Scope) => Collection {
  return (input, { budget }) => {
    const text = textOf(input);
    if (text === undefined) return EMPTY;
    budget.takeCharacters(text.length);
    return [change(text)];
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

/**
 * Whether all of a text matches.
 *
 * @throws InvalidExpression for a pattern that is none of RE2, or too large
 * @throws TooCostly
 */
function matchesWhole(text: string, pattern: string, budget: Budget): boolean {
  return regular(pattern, text.length, budget).matcher(text).matches();
}

/**
 * A text with something else in place of all that matches.
 *
 * @throws InvalidExpression for a pattern that is none of RE2, or too large
 * @throws TooCostly
 */
function replacedMatches(text: string, pattern: string, by: string, budget: Budget): string {
  // Each match may have been looked for up to the end.
  return regular(pattern, text.length ** 2, budget)
    .matcher(text)
    .replaceAll(by);
}

/** @param characters that are looked at; each takes time in proportion to the pattern */
function regular(pattern: string, characters: number, budget: Budget): RE2JS {
  const compiled = patterns.get(pattern) ?? compiledPattern(pattern, budget);
  budget.take(Math.ceil((characters * compiled.programSize()) / INSTRUCTIONS_PER_STEP));
  return compiled;
}

function compiledPattern(pattern: string, budget: Budget): RE2JS {
  if (pattern.length > MAX_LENGTH) throw tooLarge();
  budget.take(pattern.length * copiesIn(pattern));
  const compiled = compile(pattern);
  if (compiled.programSize() > MAX_INSTRUCTIONS) throw tooLarge();
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  patterns.set(pattern, compiled);
  return compiled;
}

/** How often the parts of a pattern are repeated in what it is compiled to, at worst. */
function copiesIn(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) =>
    Math.max(1, Number(least), Number(most ?? 0)),
  );
  return counts.reduce((copies, count) => Math.min(copies * count, MAX_COPIES), 1);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new InvalidExpression('has a regular expression that is not supported');
  }
}

function tooLarge(): InvalidExpression {
  return new InvalidExpression('has a regular expression that is too large');
}
