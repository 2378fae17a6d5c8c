/** A regular expression that cannot be accepted; the message says why and what to write instead. */
export class UnsupportedRegex extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsupportedRegex';
  }
}

/** What an assertion without a body asks of a position. */
export type Boundary = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'not-word';

/** Parsed regular expression; every quantity is bounded when it is parsed. */
export type RegexNode =
  /** Exactly one code point, as a RE2 expression under flags (`i`, `s`). */
  | { readonly kind: 'atom'; readonly source: string; readonly flags: string }
  | { readonly kind: 'concat'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'boundary'; readonly boundary: Boundary }
  | {
      readonly kind: 'look';
      readonly ahead: boolean;
      readonly negative: boolean;
      readonly node: RegexNode;
    };

/** Exactly one character. */
export type Atom = Extract<RegexNode, { kind: 'atom' }>;

/** The subset of flags that is honoured inside an expression. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

/** Reads a pattern one code unit at a time. */
export class RegexReader {
  private position = 0;

  constructor(private readonly source: string) {}

  get atEnd(): boolean {
    return this.position >= this.source.length;
  }

  peek(): string {
    return this.source.charAt(this.position);
  }

  /** Consumes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Consumes one code point. */
  next(): string {
    const point = this.source.codePointAt(this.position);
    if (point === undefined) throw new UnsupportedRegex('the expression ends too early');
    const text = String.fromCodePoint(point);
    this.position += text.length;
    return text;
  }

  /** Consumes what the sticky expression matches here. */
  takeMatch(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.position;
    const match = expression.exec(this.source);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  /** Consumes up to and including `end`; without it, everything. */
  takeUntil(end: string): string {
    const rest = this.source.slice(this.position);
    const text = rest.slice(0, `${rest}${end}`.indexOf(end));
    this.position += text.length + end.length;
    return text;
  }
}

/** One code point as RE2 source that means nothing but itself. */
export function literalSource(text: string): string {
  return `\\x{${(text.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A character that stands for itself, as the parser writes it for RE2. */
const LITERAL = /^\\x\{([0-9A-Fa-f]+)\}$/;

/** The one character that a part of an expression stands for, and no other form of it. */
export function literalOf(node: RegexNode): string | undefined {
  if (node.kind !== 'atom' || node.flags.includes('i')) return undefined;
  const [, code] = LITERAL.exec(node.source) ?? [];
  return code === undefined ? undefined : characterOf(Number.parseInt(code, 16));
}

function characterOf(code: number): string | undefined {
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
