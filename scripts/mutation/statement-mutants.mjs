import ts from 'typescript';

/** The mutants of a statement: it is left out, or a body is left as soon as it is entered. */
export function statementMutants(node, source) {
  if (isRemovable(node)) return [{ form: 'statement', ...range(node, source), kind: 'statement' }];
  if (ts.isCaseClause(node) && node.statements.length > 0) {
    return [entry(node.statements[0].getStart(source), node.getEnd(), 'break;', 'case')];
  }
  if (ts.isCatchClause(node)) return catchMutants(node, source);
  const isFunctionBody =
    ts.isBlock(node) && ts.isFunctionLike(node.parent) && !ts.isConstructorDeclaration(node.parent);
  if (!isFunctionBody || node.statements.length === 0) return [];
  return [entry(node.getStart(source) + 1, node.getEnd() - 1, 'return;', 'body')];
}

function isRemovable(node) {
  if (ts.isThrowStatement(node) || ts.isForOfStatement(node)) return true;
  if (!ts.isExpressionStatement(node)) return false;
  const isConstruction =
    ts.isCallExpression(node.expression) &&
    node.expression.expression.kind === ts.SyntaxKind.SuperKeyword;
  return !isConstruction;
}

// Other statements are left out one by one; this one would be a body that is left at once.
function catchMutants({ block }, source) {
  const [first] = block.statements;
  if (!first || !ts.isReturnStatement(first)) return [];
  return [{ form: 'statement', ...range(first, source), kind: 'statement' }];
}

function entry(start, end, leave, kind) {
  return { form: 'entry', start, end, replacement: leave, kind };
}

function range(node, source) {
  return { start: node.getStart(source), end: node.getEnd(), replacement: '' };
}
