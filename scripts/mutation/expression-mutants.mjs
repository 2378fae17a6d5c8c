import ts from 'typescript';
import { callMutants } from './call-mutants.mjs';
import { literalMutants } from './literal-mutants.mjs';

/** What an operator is replaced by, with the rule's name. */
const OPERATORS = {
  '<': [['<=', 'boundary'], ['>=', 'equality']], // prettier-ignore
  '<=': [['<', 'boundary'], ['>', 'equality']], // prettier-ignore
  '>': [['>=', 'boundary'], ['<=', 'equality']], // prettier-ignore
  '>=': [['>', 'boundary'], ['<', 'equality']], // prettier-ignore
  '===': [['!==', 'equality']],
  '!==': [['===', 'equality']],
  '==': [['!=', 'equality']],
  '!=': [['==', 'equality']],
  '&&': [['||', 'logical']],
  '||': [['&&', 'logical']],
  '+': [['-', 'arithmetic']],
  '-': [['+', 'arithmetic']],
  '*': [['/', 'arithmetic']],
  '/': [['*', 'arithmetic']],
  '%': [['*', 'arithmetic']],
  '+=': [['-=', 'arithmetic']],
  '-=': [['+=', 'arithmetic']],
  '??=': [['=', 'default']],
};

/**
 * The mutants of an expression: operators, conditions, literals, returned constants, chains and calls.
 *
 * @param {ts.Node} node
 * @param {ts.SourceFile} source
 */
export function expressionMutants(node, source) {
  if (continuesChain(node)) return [];
  const replacements = [
    ...conditionMutants(node),
    ...booleanResults(node),
    ...binaryMutants(node, source),
    ...unaryMutants(node, source),
    ...chainMutants(node, source),
    ...callMutants(node, source),
    ...literalMutants(node, source),
    ...arrowMutants(node),
  ];
  return replacements.map(([target, replacement, kind]) => ({
    form: 'expression',
    start: target.getStart(source),
    end: target.getEnd(),
    replacement,
    kind,
  }));
}

/** Parentheses within an optional chain would end what it skips. */
function continuesChain(node) {
  return ts.isOptionalChain(node) && node.parent.expression === node && isLink(node.parent);
}

function isLink(node) {
  return ts.isOptionalChain(node) || ts.isNonNullExpression(node);
}

function conditionMutants(node) {
  if (ts.isIfStatement(node)) {
    return [[node.expression, 'true', 'condition'], [node.expression, 'false', 'condition']]; // prettier-ignore
  }
  if (ts.isConditionalExpression(node)) {
    return [[node.condition, 'true', 'condition'], [node.condition, 'false', 'condition']]; // prettier-ignore
  }
  // A loop whose condition is always true tests the patience of the runner only.
  if (ts.isWhileStatement(node)) return [[node.expression, 'false', 'condition']];
  return ts.isForStatement(node) && node.condition ? [[node.condition, 'false', 'condition']] : [];
}

/** `return` and arrows of functions that are declared to answer a boolean. */
function booleanResults(node) {
  const result = ts.isReturnStatement(node)
    ? node.expression
    : ts.isArrowFunction(node) && !ts.isBlock(node.body) && node.body;
  if (!result || isBoolean(result)) return [];
  const owner = ts.isArrowFunction(node) ? node : ts.findAncestor(node, ts.isFunctionLike);
  if (!answersBoolean(owner?.type)) return [];
  return [[result, 'true', 'result'], [result, 'false', 'result']]; // prettier-ignore
}

function isBoolean({ kind }) {
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
}

function answersBoolean(type) {
  if (!type) return false;
  if (ts.isTypePredicateNode(type)) return true;
  return /^(Promise<)?boolean>?$/.test(type.getText());
}

function binaryMutants(node, source) {
  if (!ts.isBinaryExpression(node)) return [];
  const operator = node.operatorToken.getText(source);
  const left = node.left.getText(source);
  const right = node.right.getText(source);
  if (operator === '??') return [[node, left, 'default'], [node, right, 'default']]; // prettier-ignore
  if (operator === '+' && [node.left, node.right].some(isText)) return [];
  return (Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : []).map(
    ([replacement, kind]) => [node, `${left} ${replacement} ${right}`, kind],
  );
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function unaryMutants(node, source) {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return [];
  const operand = node.operand.getText(source);
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
      return [[node, operand, 'negation']];
    case ts.SyntaxKind.MinusToken:
      return [[node, operand, 'arithmetic']];
    case ts.SyntaxKind.PlusPlusToken:
      return [[node, node.getText(source).replace('++', '--'), 'arithmetic']];
    case ts.SyntaxKind.MinusMinusToken:
      return [[node, node.getText(source).replace('--', '++'), 'arithmetic']];
    default:
      return [];
  }
}

/** `a?.b` → `a.b`: what is absent is no longer expected. */
function chainMutants(node, source) {
  if (!ts.isOptionalChain(node)) return [];
  const mutants = [];
  for (let link = node; link && isLink(link); link = link.expression) {
    if (!link.questionDotToken) continue;
    const at = link.questionDotToken.getStart(source) - node.getStart(source);
    const text = node.getText(source);
    const dot = ts.isPropertyAccessExpression(link) ? '.' : '';
    mutants.push([node, `${text.slice(0, at)}${dot}${text.slice(at + 2)}`, 'chain']);
  }
  return mutants;
}

function arrowMutants(node) {
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body)) return [];
  return node.body.getText() === 'undefined' ? [] : [[node.body, 'undefined', 'body']];
}
