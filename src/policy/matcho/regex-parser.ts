import { readClass, readEscape } from './regex-class.js';
import {
  literalSource,
  RegexReader,
  UnsupportedRegex,
  type Boundary,
  type Flags,
  type RegexNode,
} from './regex-syntax.js';

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 32;
const MAX_REPEAT = 1_000;

const LOOKAROUNDS = [
  { opening: '?=', ahead: true, negative: false },
  { opening: '?!', ahead: true, negative: true },
  { opening: '?<=', ahead: false, negative: false },
  { opening: '?<!', ahead: false, negative: true },
] as const;

const BOUNDARIES: ReadonlyMap<string, Boundary> = new Map([
  ['A', 'text-start'],
  ['z', 'text-end'],
  ['b', 'word'],
  ['B', 'not-word'],
]);

const NO_FLAGS: Flags = { ignoreCase: false, dotAll: false, multiline: false };

/**
 * Parses Java's dialect of regular expressions, as far as it can be matched in linear time.
 *
 * Differences that RE2 would hide are refused or translated: `[a&&b]`, `[a[b]]`, flags after `^`,
 * possessive quantifiers, atomic groups, back references.
 * @throws UnsupportedRegex
 */
export function parseRegex(source: string): RegexNode {
  if (source === '') throw new UnsupportedRegex('an empty expression matches every string');
  if (source.length > MAX_LENGTH) {
    throw new UnsupportedRegex(`the expression is longer than ${MAX_LENGTH} characters`);
  }
  const reader = new RegexReader(source);
  const node = new RegexParser(reader).choice(NO_FLAGS, 0);
  if (!reader.atEnd) throw new UnsupportedRegex('a ")" closes no group');
  return node;
}

class RegexParser {
  constructor(private readonly reader: RegexReader) {}

  choice(outer: Flags, depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw new UnsupportedRegex('groups are nested too deeply');
    let flags = outer;
    const options: RegexNode[] = [];
    let parts: RegexNode[] = [];
    while (!this.reader.atEnd && this.reader.peek() !== ')') {
      if (this.reader.take('|')) {
        options.push({ kind: 'concat', parts });
        parts = [];
        continue;
      }
      // An inline flag holds to the end of its group, alternatives included.
      const changed = this.inlineFlags(flags);
      if (changed) flags = changed;
      else parts.push(...this.quantified(flags, depth));
    }
    options.push({ kind: 'concat', parts });
    return { kind: 'choice', options };
  }

  private inlineFlags(flags: Flags): Flags | undefined {
    const match = this.reader.takeMatch(/\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)/y);
    return match ? withFlags(flags, match[1] ?? '', match[2] ?? '') : undefined;
  }

  private quantified(flags: Flags, depth: number): RegexNode[] {
    if (this.reader.take('\\Q')) return this.quoted(flags);
    const node = this.element(flags, depth);
    const bounds = this.quantifier();
    if (!bounds) return [node];
    if (node.kind === 'boundary' || node.kind === 'look') {
      throw new UnsupportedRegex('a quantifier must follow something that takes characters');
    }
    return [{ kind: 'repeat', node, ...bounds }];
  }

  private quoted(flags: Flags): RegexNode[] {
    const nodes = Array.from(this.reader.takeUntil('\\E'), (text) =>
      atom(literalSource(text), flags),
    );
    const bounds = this.quantifier();
    const last = nodes.at(-1);
    if (!bounds) return nodes;
    if (!last) throw new UnsupportedRegex('a quantifier follows nothing');
    return [...nodes.slice(0, -1), { kind: 'repeat', node: last, ...bounds }];
  }

  private element(flags: Flags, depth: number): RegexNode {
    const text = this.reader.next();
    switch (text) {
      case '(':
        return this.group(flags, depth + 1);
      case '[':
        return atom(readClass(this.reader), flags);
      case '\\':
        return this.escape(flags);
      case '.':
        return atom('.', flags);
      case '^':
        return { kind: 'boundary', boundary: flags.multiline ? 'line-start' : 'text-start' };
      case '$':
        return { kind: 'boundary', boundary: flags.multiline ? 'line-end' : 'text-end' };
      default:
        if ('*+?{'.includes(text)) throw new UnsupportedRegex(`"${text}" repeats nothing`);
        return atom(literalSource(text), flags);
    }
  }

  private escape(flags: Flags): RegexNode {
    const boundary = BOUNDARIES.get(this.reader.peek());
    if (boundary) {
      this.reader.next();
      return { kind: 'boundary', boundary };
    }
    if (this.reader.take('Z')) {
      const newline = { kind: 'repeat', node: atom('\\n', flags), min: 0, max: 1 } as const;
      return { kind: 'concat', parts: [newline, { kind: 'boundary', boundary: 'text-end' }] };
    }
    return atom(readEscape(this.reader, false), flags);
  }

  private group(flags: Flags, depth: number): RegexNode {
    if (this.reader.take('?>')) throw new UnsupportedRegex('atomic groups are not supported');
    const look = LOOKAROUNDS.find(({ opening }) => this.reader.take(opening));
    const node = this.choice(look ? flags : this.groupFlags(flags), depth);
    if (!this.reader.take(')')) throw new UnsupportedRegex('a "(" is not closed');
    return look ? { kind: 'look', ahead: look.ahead, negative: look.negative, node } : node;
  }

  private groupFlags(flags: Flags): Flags {
    if (this.reader.takeMatch(/\?P?<[A-Za-z]\w{0,63}>/y)) return flags;
    const match = this.reader.takeMatch(/\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y);
    if (match) return withFlags(flags, match[1] ?? '', match[2] ?? '');
    if (this.reader.peek() === '?') throw new UnsupportedRegex('this kind of group is unknown');
    return flags;
  }

  private quantifier(): { min: number; max: number } | undefined {
    const match = this.reader.takeMatch(/([*+?])|\{(\d{1,4})(,?)(\d{0,4})\}/y);
    if (!match) return undefined;
    if (this.reader.take('+')) throw new UnsupportedRegex('possessive quantifiers: not supported');
    // Whether a quantifier is lazy decides what is captured, never whether there is a match.
    this.reader.take('?');
    if ('*+?{'.includes(this.reader.peek()) && !this.reader.atEnd) {
      throw new UnsupportedRegex('a quantifier follows a quantifier');
    }
    return boundsOf(match);
  }
}

function boundsOf(match: RegExpExecArray): { min: number; max: number } {
  if (match[1] === '*') return { min: 0, max: Infinity };
  if (match[1] === '+') return { min: 1, max: Infinity };
  if (match[1] === '?') return { min: 0, max: 1 };
  const min = Number(match[2]);
  const open = match[3] === ',' ? Infinity : min;
  const max = match[4] ? Number(match[4]) : open;
  if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
    throw new UnsupportedRegex(`repetitions go from small to large, up to ${MAX_REPEAT}`);
  }
  return { min, max };
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  // RE2 always folds case beyond ASCII, so Java's "u" adds nothing.
  const unknown = /[^isum]/.exec(on + off);
  if (unknown) throw new UnsupportedRegex(`the flag "${unknown[0]}" is not supported`);
  const after = (flag: string, before: boolean): boolean =>
    off.includes(flag) ? false : before || on.includes(flag);
  return {
    ignoreCase: after('i', flags.ignoreCase),
    dotAll: after('s', flags.dotAll),
    multiline: after('m', flags.multiline),
  };
}

function atom(source: string, flags: Flags): RegexNode {
  return {
    kind: 'atom',
    source,
    flags: (flags.ignoreCase ? 'i' : '') + (flags.dotAll ? 's' : ''),
  };
}
