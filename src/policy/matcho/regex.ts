import { RE2JS } from 're2js';
import type { Work } from '../key-count.js';
import { Atoms, charactersBeyondAscii } from './regex-atoms.js';
import { compileAutomaton } from './regex-automaton.js';
import { atomsOf, workToCompile, type RegexBudget } from './regex-budget.js';
import { parseRegex } from './regex-parser.js';
import { literalPrefix } from './regex-prefix.js';
import { UnsupportedRegex, type Boundary, type RegexNode } from './regex-syntax.js';

/** Subjects of expressions with lookarounds are at most this long, in UTF-16 code units. */
export const MAX_LOOKAROUND_SUBJECT = 4_096;

/** Subjects of all other expressions are at most this long, in UTF-16 code units. */
export const MAX_LINEAR_SUBJECT = 1_048_576;

const MAX_STATES = 2_000;
const MAX_LOOKAROUND_STATES = 500;

/** States that are visited in the time of a unit of work, and those that every character takes beside them. */
const STATES_PER_UNIT = 16;
const STATES_ANYWAY = 4;
/** Units that it takes to ask the engine about one character. */
const QUESTION = 2;
/** A regular expression that cannot take more than time linear in its subject (spec §8). */
export interface LinearRegex {
  readonly source: string;
  /** Upper bound of the states that are visited per code unit of the subject. */
  readonly states: number;
  /** Units of work that the test takes at worst, of which one is about a microsecond. */
  workOn(subject: string): number;
  /**
   * Whether the subject contains a match.
   *
   * @returns `undefined` when the subject is too long to be judged; neither answer would be true.
   */
  test(subject: string): boolean | undefined;
}

/**
 * Compiles a regular expression of Java's dialect; a match anywhere in the subject counts.
 *
 * `$` means the very end, without Java's allowance for a final line break.
 * @param budget what it shares with other expressions.
 * @throws UnsupportedRegex when it cannot be matched in linear time, or means something else in RE2.
 */
export function compileRegex(source: string, budget?: RegexBudget): LinearRegex {
  const parsed = parse(source, budget);
  return supported(() => (parsed.looks ? withLookarounds(parsed) : linear(parsed)));
}

/**
 * Checks a regular expression as {@link compileRegex} does, without writing out its repetitions.
 *
 * @param work what it takes is spent from, before it is done.
 * @throws UnsupportedRegex for every expression that {@link compileRegex} refuses, and no other.
 */
export function checkRegex(source: string, work?: Work): void {
  const { node } = parse(source, work);
  const atoms = new Atoms();
  supported(() => {
    for (const atom of atomsOf(node)) atoms.add(atom);
  });
}

interface Parsed {
  readonly source: string;
  readonly node: RegexNode;
  readonly states: number;
  readonly looks: boolean;
}

function parse(source: string, work: Work | undefined): Parsed {
  const node = parseRegex(source);
  const states = statesOf(node);
  const looks = hasLookaround(node);
  if (states > (looks ? MAX_LOOKAROUND_STATES : MAX_STATES)) {
    throw new UnsupportedRegex('the expression is too large once its repetitions are written out');
  }
  work?.spend(workToCompile(node, states));
  return { source, node, states, looks };
}

function supported<Result>(compile: () => Result): Result {
  try {
    return compile();
  } catch {
    throw new UnsupportedRegex('the expression has a class or range that is not supported');
  }
}

function linear({ source, node, states }: Parsed): LinearRegex {
  const expression = RE2JS.compile(toRe2(node));
  const prefix = literalPrefix(node);
  // Hundreds of policies may differ in the paths that they begin with, which is told without the engine.
  const begins = (subject: string): boolean => subject.startsWith(prefix);
  const test = (subject: string): boolean => begins(subject) && expression.test(subject);
  const maxSubject = MAX_LINEAR_SUBJECT;
  return bounded({ source, states, classes: 0, maxSubject, begins, test });
}

function withLookarounds({ source, node, states }: Parsed): LinearRegex {
  return bounded({
    ...compileAutomaton(node),
    source,
    states,
    maxSubject: MAX_LOOKAROUND_SUBJECT,
    begins: () => true,
  });
}

interface Matcher {
  readonly source: string;
  /** Upper bound of the states that are visited per code unit of the subject. */
  readonly states: number;
  /** Atoms that the engine is asked about for each character beyond ASCII. */
  readonly classes: number;
  /** Longest subject that is judged, in UTF-16 code units. */
  readonly maxSubject: number;
  /** Whether the subject begins as every match does; others are not looked through. */
  readonly begins: (subject: string) => boolean;
  readonly test: (subject: string) => boolean;
}

function bounded({ begins, test, classes, maxSubject, ...regex }: Matcher): LinearRegex {
  const perUnit = (regex.states + STATES_ANYWAY) / STATES_PER_UNIT;
  const workOn = (subject: string): number => {
    const questions = classes === 0 ? 0 : classes * charactersBeyondAscii(subject);
    return perUnit * subject.length + QUESTION * questions;
  };
  return {
    ...regex,
    workOn: (subject) => (begins(subject) ? workOn(subject.slice(0, maxSubject)) : 0),
    test: (subject) => (subject.length > maxSubject ? undefined : test(subject)),
  };
}

function statesOf(node: RegexNode): number {
  switch (node.kind) {
    case 'atom':
    case 'boundary':
      return 1;
    case 'concat':
      return node.parts.reduce((sum, part) => sum + statesOf(part), 0);
    case 'choice':
      return node.options.reduce((sum, option) => sum + statesOf(option), 1);
    case 'repeat': {
      const copies = node.max === Infinity ? node.min + 1 : node.max;
      return (statesOf(node.node) + 1) * Math.max(copies, 1);
    }
    case 'look':
      return 1 + statesOf(node.node);
  }
}

function hasLookaround(node: RegexNode): boolean {
  switch (node.kind) {
    case 'atom':
    case 'boundary':
      return false;
    case 'concat':
      return node.parts.some(hasLookaround);
    case 'choice':
      return node.options.some(hasLookaround);
    case 'repeat':
      return hasLookaround(node.node);
    case 'look':
      return true;
  }
}

const BOUNDARY_SOURCE: Readonly<Record<Boundary, string>> = {
  'text-start': '\\A',
  'text-end': '\\z',
  'line-start': '(?m:^)',
  'line-end': '(?m:$)',
  word: '\\b',
  'not-word': '\\B',
};

function toRe2(node: RegexNode): string {
  switch (node.kind) {
    case 'atom':
      return node.flags === '' ? node.source : `(?${node.flags}:${node.source})`;
    case 'concat':
      return node.parts.map(toRe2).join('');
    case 'choice':
      return `(?:${node.options.map(toRe2).join('|')})`;
    case 'repeat':
      return `(?:${toRe2(node.node)})${quantifierOf(node.min, node.max)}`;
    case 'boundary':
      return BOUNDARY_SOURCE[node.boundary];
    case 'look':
      throw new UnsupportedRegex('lookarounds are matched by the automaton');
  }
}

function quantifierOf(min: number, max: number): string {
  return `{${min},${max === Infinity ? '' : max}}`;
}
