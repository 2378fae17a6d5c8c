import ts from 'typescript';

/** The mutants of a literal: the other boolean, nothing instead of something, a pattern without anchors. */
export function literalMutants(node, source) {
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return [[node, 'false', 'boolean']];
    case ts.SyntaxKind.FalseKeyword:
      return [[node, 'true', 'boolean']];
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.TemplateExpression:
      return textMutants(node, source);
    case ts.SyntaxKind.ArrayLiteralExpression:
      return node.elements.length > 0 && !isTarget(node) ? [[node, '[]', 'array']] : [];
    case ts.SyntaxKind.ObjectLiteralExpression:
      return node.properties.length > 0 && !isTarget(node) ? [[node, '({})', 'object']] : [];
    case ts.SyntaxKind.RegularExpressionLiteral:
      return anchorMutants(node, source);
    default:
      return [];
  }
}

function textMutants(node, source) {
  if (isName(node) || isProse(node.getText(source))) return [];
  const isEmpty = node.getText(source).length === 2;
  return [[node, isEmpty ? "'mutated'" : "''", 'string']];
}

/** Keys, labels of cases and the names of types mean nothing by themselves. */
function isName(node) {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent) || ts.isCaseClause(parent)) return true;
  if (ts.isBinaryExpression(parent)) return [parent.left, parent.right].some(ts.isTypeOfExpression);
  return parent.name === node || ts.isExternalModuleReference(parent);
}

/** The words of a message are no rule. */
function isProse(text) {
  return /\S\s+\S/.test(text.replace(/\$\{[^}]*\}/g, '$'));
}

function isTarget(node) {
  const { parent } = node;
  const isAssigned =
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssigned && parent.left === node;
}

function anchorMutants(node, source) {
  const text = node.getText(source);
  const end = text.lastIndexOf('/');
  const mutants = [];
  if (text.startsWith('/^')) mutants.push([node, `/${text.slice(2)}`, 'regex']);
  if (text[end - 1] === '$' && text[end - 2] !== '\\') {
    mutants.push([node, `${text.slice(0, end - 1)}${text.slice(end)}`, 'regex']);
  }
  // What is left of `/^/` would begin a comment.
  return mutants.filter(([, replacement]) => !replacement.startsWith('//'));
}
