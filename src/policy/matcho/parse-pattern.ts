import { joinPath, PolicyIssues } from '../invalid-policy.js';
import { isArray, isObject, type Json, type JsonObject } from '../json.js';
import { pathsOf, type Pattern, type ValueTest } from './pattern.js';
import { RegexBudget } from './regex-budget.js';
import { compileRegex } from './regex.js';
import { UnsupportedRegex } from './regex-syntax.js';
import { parseRequestPath } from './request-path.js';

const MAX_DEPTH = 32;
const MAX_NODES = 5_000;
const MAX_TEXT = 4_096;

const KEYWORDS: ReadonlyMap<string, ValueTest> = new Map<string, ValueTest>([
  ['present?', { kind: 'present' }],
  ['nil?', { kind: 'nil' }],
  ['not-blank?', { kind: 'not-blank' }],
]);

/** Stands for a part that was reported as an issue; never leaves the parser. */
const REFUSED: Pattern = { kind: 'one-of', patterns: [], source: null };

type ParseOperator = (source: Json, path: string, depth: number) => Pattern;

/**
 * Parses a matcho pattern completely: operators, paths, regular expressions, bounds (spec §8).
 *
 * @param path where the pattern stands, for the issues.
 * @param expressions what its regular expressions share with others of the same policy.
 * @throws InvalidPolicy with every problem.
 */
export function parsePattern(
  source: Json,
  path = 'AccessPolicy.matcho',
  expressions = new RegexBudget(),
): Pattern {
  const issues = new PolicyIssues();
  const pattern = new PatternParser(issues, expressions).parse(source, path, 0);
  issues.throwIfAny();
  return pattern;
}

class PatternParser {
  private nodes = 0;

  private readonly operators: ReadonlyMap<string, ParseOperator> = new Map<string, ParseOperator>([
    ['$enum', (source, path) => this.enumeration(source, path)],
    ['$one-of', (source, path, depth) => this.oneOf(source, path, depth)],
    ['$contains', (source, path, depth) => this.contains(source, path, depth)],
    ['$every', (source, path, depth) => this.every(source, path, depth)],
    ['$not', (source, path, depth) => this.not(source, path, depth)],
    ['$present-all', (source, path, depth) => this.presentAll(source, path, depth)],
    ['$length', (source, path) => this.length(source, path)],
    ['$reference', (source, path, depth) => this.reference(source, path, depth)],
  ]);

  constructor(
    private readonly issues: PolicyIssues,
    private readonly expressions: RegexBudget,
  ) {}

  parse(source: Json, path: string, depth: number): Pattern {
    if (depth > MAX_DEPTH) return this.refuse(path, `nested deeper than ${MAX_DEPTH} levels`);
    if (!this.counted(path)) return REFUSED;
    if (typeof source === 'string') return this.text(source, path);
    if (isArray(source)) return this.array(source, path, depth);
    if (isObject(source)) return this.object(source, path, depth);
    if (source === null) return this.refuse(path, 'null matches nothing; write "nil?"');
    return valueTest({ kind: 'equals', value: source }, source);
  }

  private counted(path: string): boolean {
    this.nodes += 1;
    // Reported once, however much more there is.
    if (this.nodes === MAX_NODES + 1) this.refuse(path, `more than ${MAX_NODES} elements`);
    return this.nodes <= MAX_NODES;
  }

  private refuse(path: string, message: string): Pattern {
    this.issues.add(path, message);
    return REFUSED;
  }

  private text(source: string, path: string): Pattern {
    if (source === '') return this.refuse(path, 'an empty string matches nothing; write "nil?"');
    if (source.length > MAX_TEXT) return this.refuse(path, `longer than ${MAX_TEXT} characters`);
    if (source.startsWith('#')) return this.regex(source, path);
    if (source.startsWith('.')) return this.requestPath(source, path, false);
    return valueTest(KEYWORDS.get(source) ?? { kind: 'equals', value: source }, source);
  }

  private requestPath(source: string, path: string, asList: boolean): Pattern {
    const target = source.length > MAX_TEXT ? undefined : parseRequestPath(source);
    if (target) return { kind: 'path', path: target, asList, source };
    return this.refuse(path, 'a path is written ".user.id", without empty segments');
  }

  private regex(source: string, path: string): Pattern {
    try {
      const regex = compileRegex(source.slice(1), this.expressions);
      return valueTest({ kind: 'regex', regex }, source);
    } catch (error) {
      if (!(error instanceof UnsupportedRegex)) throw error;
      return this.refuse(path, `regular expression: ${error.message}`);
    }
  }

  private array(source: readonly Json[], path: string, depth: number): Pattern {
    if (source.length === 0) return this.refuse(path, 'an empty pattern matches every array');
    const items = this.list(source, path, depth);
    return { kind: 'members', of: 'array', members: [...items.entries()], source };
  }

  private list(source: readonly Json[], path: string, depth: number): Pattern[] {
    return source
      .slice(0, MAX_NODES + 1)
      .map((item, index) => this.parse(item, joinPath(path, index), depth + 1));
  }

  private object(source: JsonObject, path: string, depth: number): Pattern {
    const entries = Object.entries(source);
    const [only] = entries;
    if (!only) return this.refuse(path, 'an empty pattern matches everything');
    const operators = entries.filter(([key]) => key.startsWith('$'));
    const members = entries.filter(([key]) => !key.startsWith('$'));
    const patterns = operators.map(([key, value]) => this.operator(key, value, path, depth));
    if (members.length > 0) patterns.push(this.members(members, source, path, depth));
    const [single] = patterns;
    return single && patterns.length === 1 ? single : { kind: 'all', patterns, source };
  }

  private members(
    members: readonly (readonly [string, Json])[],
    source: JsonObject,
    path: string,
    depth: number,
  ): Pattern {
    return {
      kind: 'members',
      of: 'object',
      source,
      members: members.map(([key, value]) => [
        key,
        this.parse(value, joinPath(path, key), depth + 1),
      ]),
    };
  }

  private operator(key: string, source: Json, parent: string, depth: number): Pattern {
    const path = joinPath(parent, key);
    const parse = this.operators.get(key);
    if (parse) return parse(source, path, depth + 1);
    return this.refuse(path, `unknown operator; known: ${[...this.operators.keys()].join(' ')}`);
  }

  private enumeration(source: Json, path: string): Pattern {
    if (isPathText(source)) return this.requestPath(source, path, true);
    if (!this.isList(source, path)) return REFUSED;
    const values = source.map((item, index) => this.enumerated(item, joinPath(path, index)));
    return valueTest({ kind: 'enum', values: new Set(values) }, { $enum: source });
  }

  private enumerated(item: Json, path: string): Json {
    this.counted(path);
    if (typeof item === 'string' && (item === '' || /^[#.]/.test(item) || KEYWORDS.has(item))) {
      this.refuse(path, '$enum lists plain values; use $one-of for patterns');
    } else if (typeof item === 'object') {
      this.refuse(path, '$enum lists strings, numbers and booleans; use $one-of for patterns');
    }
    return item;
  }

  private oneOf(source: Json, path: string, depth: number): Pattern {
    if (isPathText(source)) return this.requestPath(source, path, true);
    if (!this.isList(source, path)) return REFUSED;
    const patterns = this.list(source, path, depth - 1);
    return { kind: 'one-of', patterns, source: { '$one-of': source } };
  }

  private isList(source: Json, path: string): source is readonly Json[] {
    if (isArray(source) && source.length > 0) return true;
    this.refuse(path, 'a list with at least one entry, or a .path to an array');
    return false;
  }

  private contains(source: Json, path: string, depth: number): Pattern {
    const patterns = [this.parse(source, path, depth)];
    return { kind: 'items', quantifier: 'some', patterns, source: { $contains: source } };
  }

  private every(source: Json, path: string, depth: number): Pattern {
    const patterns = [this.parse(source, path, depth)];
    return { kind: 'items', quantifier: 'every', patterns, source: { $every: source } };
  }

  private not(source: Json, path: string, depth: number): Pattern {
    const pattern = this.parse(source, path, depth);
    return { kind: 'not', pattern, paths: pathsOf(pattern), source: { $not: source } };
  }

  private presentAll(source: Json, path: string, depth: number): Pattern {
    if (!isArray(source) || source.length === 0) {
      return this.refuse(path, 'a list of at least one pattern');
    }
    const patterns = this.list(source, path, depth - 1);
    return { kind: 'items', quantifier: 'some', patterns, source: { '$present-all': source } };
  }

  private length(source: Json, path: string): Pattern {
    if (typeof source !== 'number' || !Number.isSafeInteger(source) || source < 0) {
      return this.refuse(path, 'a whole number, not negative');
    }
    return valueTest({ kind: 'length', length: source }, { $length: source });
  }

  private reference(source: Json, path: string, depth: number): Pattern {
    const target = this.parse(source, path, depth);
    return { kind: 'reference', target, source: { $reference: source } };
  }
}

function valueTest(test: ValueTest, source: Json): Pattern {
  return { kind: 'value', test, source };
}

function isPathText(source: Json): source is string {
  return typeof source === 'string' && source.startsWith('.');
}
