import { compileSyntax } from '../fhirpath/compile.js';
import { InvalidExpression } from '../fhirpath/fhirpath-error.js';
import { parseExpression } from '../fhirpath/parse-expression.js';
import type { Evaluate } from '../fhirpath/scope.js';
import type { Syntax } from '../fhirpath/syntax.js';

/** Functions that choose among elements, at a cost that the elements looked at tell. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['where', 'first', 'last', 'single', 'tail', 'skip', 'take', 'ofType', 'as', 'is'],
  ...['extension', 'resolve', 'exists', 'empty', 'all', 'not', 'hasValue', 'count'],
]);

const CONNECTIVES: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'implies']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '~', '!~', '<', '>', '<=', '>=']);

/**
 * Compiles the path of an operation: FHIRPath that leads to elements and chooses among them. Whoever may
 * patch one resource sends it, so what computes texts, or compares objects with each other, is left out.
 *
 * @throws InvalidExpression for what is no FHIRPath, or none of this kind.
 */
export function compilePatchPath(path: string): Evaluate {
  const syntax = parseExpression(path);
  assertChoosing(syntax);
  return compileSyntax(syntax);
}

function assertChoosing(syntax: Syntax): void {
  switch (syntax.kind) {
    case 'literal':
    case 'moment':
    case 'this':
    case 'variable':
      return;
    case 'member':
      if (syntax.of) assertChoosing(syntax.of);
      return;
    case 'call':
      assertCall(syntax);
      return;
    case 'index':
      if (!isConstant(syntax.at)) throw new InvalidExpression('needs a number in [ ]');
      assertChoosing(syntax.of);
      return;
    case 'type':
      assertChoosing(syntax.of);
      return;
    case 'negative':
      throw new InvalidExpression('calculates, which the path of a patch cannot');
    case 'binary':
      assertBinary(syntax);
  }
}

function assertCall({ of, name, args }: Syntax & { readonly kind: 'call' }): void {
  if (!FUNCTIONS.has(name)) {
    throw new InvalidExpression(`uses ${name}(), which the path of a patch cannot`);
  }
  for (const part of [...(of ? [of] : []), ...args]) assertChoosing(part);
}

function assertBinary({ operator, left, right }: Syntax & { readonly kind: 'binary' }): void {
  const isComparison = COMPARISONS.has(operator) && (isConstant(left) || isConstant(right));
  if (!isComparison && !CONNECTIVES.has(operator)) {
    throw new InvalidExpression(
      `uses ${operator} other than to compare with a constant, which the path of a patch cannot`,
    );
  }
  assertChoosing(left);
  assertChoosing(right);
}

function isConstant({ kind }: Syntax): boolean {
  return kind === 'literal' || kind === 'moment';
}
