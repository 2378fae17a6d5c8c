import { InvalidExpression } from './fhirpath-error.js';
import type { Operator, Syntax } from './syntax.js';
import { tokensOf, type Token } from './tokens.js';

/** Weakest first (FHIRPath §6.8); `is` and `as` stand between `|` and the comparisons. */
const LEVELS: readonly (readonly string[])[] = [
  ['implies'],
  ['or', 'xor'],
  ['and'],
  ['in', 'contains'],
  ['=', '!=', '~', '!~'],
  ['<', '>', '<=', '>='],
  ['|'],
  ['is', 'as'],
  ['+', '-', '&'],
  ['*', '/', 'div', 'mod'],
];
const MAX_DEPTH = 100;

/**
 * Reads FHIRPath.
 *
 * @throws InvalidExpression for what is none, or nests too deep.
 */
export function parseExpression(expression: string): Syntax {
  const parser = new Parser(tokensOf(expression));
  return parser.whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Syntax {
    const syntax = this.level(0);
    if (this.next.kind !== 'end') throw this.unexpected();
    return syntax;
  }

  private level(level: number): Syntax {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.level(level + 1);
    for (;;) {
      const operator = this.operatorOf(operators);
      if (operator === undefined) return left;
      left = this.joined(operator, left, level);
    }
  }

  private joined(operator: string, left: Syntax, level: number): Syntax {
    if (operator === 'is' || operator === 'as') {
      return { kind: 'type', operator, of: left, type: this.typeName() };
    }
    return {
      kind: 'binary',
      operator: operator as Operator,
      left,
      right: this.level(level + 1),
    };
  }

  private operatorOf(operators: readonly string[]): string | undefined {
    const { kind, text } = this.next;
    const isOperator = (kind === 'sign' || kind === 'name') && operators.includes(text);
    if (!isOperator) return undefined;
    this.at += 1;
    return text;
  }

  private unary(): Syntax {
    if (this.takes('-')) return { kind: 'negative', of: this.unary() };
    if (this.takes('+')) return this.unary();
    return this.postfix(this.term());
  }

  private postfix(term: Syntax): Syntax {
    let syntax = term;
    for (;;) {
      if (this.takes('.')) syntax = this.step(this.name(), syntax);
      else if (this.takes('[')) {
        syntax = { kind: 'index', of: syntax, at: this.nested() };
        this.expect(']');
      } else return syntax;
    }
  }

  private term(): Syntax {
    const { kind, text } = this.next;
    if (kind === 'name') return this.named(this.name());
    if (kind === 'sign') return this.enclosed();
    if (kind === 'end') throw this.unexpected();
    this.at += 1;
    switch (kind) {
      case 'string':
        return { kind: 'literal', value: text };
      case 'number':
        return { kind: 'literal', value: Number(text) };
      case 'moment':
        return { kind: 'moment', text: text.slice(1) };
      case 'variable':
        if (text === '$this') return { kind: 'this' };
        return { kind: 'variable', name: text.replace(/['`]/g, '') };
    }
  }

  private named(name: string): Syntax {
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    return this.step(name, undefined);
  }

  private enclosed(): Syntax {
    if (this.takes('{')) {
      this.expect('}');
      return { kind: 'literal', value: undefined };
    }
    this.expect('(');
    const inner = this.nested();
    this.expect(')');
    return inner;
  }

  private step(name: string, of: Syntax | undefined): Syntax {
    if (!this.takes('(')) return { kind: 'member', of, name };
    const args: Syntax[] = [];
    if (!this.takes(')')) {
      do args.push(this.nested());
      while (this.takes(','));
      this.expect(')');
    }
    return { kind: 'call', of, name, args };
  }

  private nested(): Syntax {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new InvalidExpression('nests too deep');
    const syntax = this.level(0);
    this.depth -= 1;
    return syntax;
  }

  private typeName(): string {
    const first = this.name();
    return this.takes('.') ? this.name() : first;
  }

  private name(): string {
    const { kind, text } = this.next;
    if (kind !== 'name') throw this.unexpected();
    this.at += 1;
    return text;
  }

  private takes(sign: string): boolean {
    const isThere = this.next.kind === 'sign' && this.next.text === sign;
    if (isThere) this.at += 1;
    return isThere;
  }

  private expect(sign: string): void {
    if (!this.takes(sign)) throw this.unexpected();
  }

  private get next(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private unexpected(): InvalidExpression {
    const { kind, text } = this.next;
    return new InvalidExpression(kind === 'end' ? 'ends too early' : `has ${text} out of place`);
  }
}
