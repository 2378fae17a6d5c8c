import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { BodySyntaxError } from './format-errors.js';

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /(-?(?:0|[1-9]\d*)(?:\.\d+)?)(?:[eE]([+-]?\d+))?/y;
const LITERAL = /true|false|null/y;
const ESCAPE =
  /\\(?:["\\/bfnrt]|u(?!0000|[dD][89a-fA-F])[\da-fA-F]{4}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})/y;
const UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})/y;

const MAX_DIGITS = 64;
/** What 64 digits and an exponent of 308 come to when they are written out, as PostgreSQL does. */
const MAX_NUMBER_CHARACTERS = 400;
const MAX_EXPONENT = 308;

/** What is known of a text that was found to be JSON. */
export interface JsonScan {
  /** Members of all objects as written, repeated ones included. */
  readonly members: number;
}

/**
 * Checks JSON text in one pass and without recursion, before any parser builds it.
 *
 * @throws BodySyntaxError (400) where it is not JSON (RFC 8259), with line and column.
 * @throws BadRequest (400) where it is too deep or too large, or holds what PostgreSQL's jsonb
 * cannot hold or would expand: NUL, half a surrogate pair, numbers beyond 64 digits or 10^308.
 */
export function scanJson(text: string, limits: BodyLimits): JsonScan {
  return new JsonScanner(text, limits).scan();
}

class JsonScanner {
  private at = 0;
  private nodes = 0;
  private members = 0;
  private justOpened = false;
  private readonly closings: ('}' | ']')[] = [];

  constructor(
    private readonly text: string,
    private readonly limits: BodyLimits,
  ) {}

  scan(): JsonScan {
    this.value();
    for (let closing = this.closings.at(-1); closing; closing = this.closings.at(-1)) {
      this.continueWithin(closing);
    }
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected('the end of the body');
    return { members: this.members };
  }

  private continueWithin(closing: '}' | ']'): void {
    this.skipSpace();
    const isFirst = this.justOpened;
    this.justOpened = false;
    if (this.text[this.at] === closing) {
      this.at += 1;
      this.closings.pop();
      return;
    }
    if (!isFirst) this.punctuation(',', `',' or '${closing}'`);
    if (closing === '}') this.key();
    this.value();
  }

  private key(): void {
    this.skipSpace();
    if (this.text[this.at] !== '"') throw this.unexpected('a key in double quotes');
    this.members += 1;
    this.string();
    this.skipSpace();
    this.punctuation(':', "':'");
  }

  private punctuation(sign: string, expected: string): void {
    if (this.text[this.at] !== sign) throw this.unexpected(expected);
    this.at += 1;
  }

  private value(): void {
    this.skipSpace();
    this.nodes += 1;
    if (this.nodes > this.limits.maxNodes) {
      throw new BadRequest(`The body has more than ${this.limits.maxNodes} values`, 'structure');
    }
    const first = this.text[this.at];
    if (first === '{') this.open('}');
    else if (first === '[') this.open(']');
    else if (first === '"') this.string();
    else if (!this.take(LITERAL)) this.number();
  }

  private open(closing: '}' | ']'): void {
    this.closings.push(closing);
    if (this.closings.length > this.limits.maxDepth) {
      const { maxDepth } = this.limits;
      throw new BadRequest(`The body is nested more than ${maxDepth} levels deep`, 'structure');
    }
    this.at += 1;
    this.justOpened = true;
  }

  private string(): void {
    const start = this.at;
    this.at += 1;
    for (this.take(PLAIN); this.text[this.at] !== '"'; this.take(PLAIN)) {
      if (this.at >= this.text.length) throw this.problem('A string without an end begins', start);
      if (!this.take(ESCAPE)) throw this.badCharacter();
    }
    this.at += 1;
  }

  private badCharacter(): Error {
    if (this.take(UNSTORABLE)) {
      return this.problem('A string holds NUL or half a surrogate pair');
    }
    const isEscape = this.text[this.at] === '\\';
    return this.problem(isEscape ? 'Unknown escape' : 'Unescaped control character');
  }

  private number(): void {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw this.unexpected('a value');
    const [number, mantissa = '', exponent = '0'] = found;
    const isTooLong = significantDigits(mantissa) > MAX_DIGITS || exponent.length > 5;
    const isTooLarge =
      Math.abs(Number(exponent)) > MAX_EXPONENT || !Number.isFinite(Number(number));
    if (isTooLong || isTooLarge) {
      throw this.problem('A number has more than 64 digits or an exponent beyond 308');
    }
    this.at += number.length;
  }

  private skipSpace(): void {
    if (this.text.charCodeAt(this.at) <= 0x20) this.take(SPACE);
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const isFound = pattern.test(this.text);
    if (isFound) this.at = pattern.lastIndex;
    return isFound;
  }

  private unexpected(expected: string): BodySyntaxError {
    return this.problem(`The JSON lacks ${expected}`);
  }

  private problem(sentence: string, at = this.at): BodySyntaxError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    return new BodySyntaxError(sentence, line, at - before.lastIndexOf('\n'));
  }
}

/** Zeros that only place the point do not count: a number that was stored must be readable again. */
function significantDigits(mantissa: string): number {
  if (mantissa.length > MAX_NUMBER_CHARACTERS) return mantissa.length;
  const digits = mantissa.replace(/^-?0*\.?0*/, '').replace('.', '');
  return mantissa.includes('.') ? digits.length : digits.replace(/0+$/, '').length;
}
