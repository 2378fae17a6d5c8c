import ts from 'typescript';

/** Methods that are replaced by their counterpart. */
const COUNTERPARTS = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
  min: 'max',
  max: 'min',
};

/** Methods whose receiver could pass for their result. */
const LEFT_OUT = new Set(['filter', 'slice', 'trim', 'sort', 'toSorted', 'reverse', 'toReversed']);

/** The mutants of a call: the counterpart of its method, or its receiver as it was. */
export function callMutants(node, source) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  if (ts.isOptionalChain(node)) return [];
  const { expression: receiver, name } = node.expression;
  const method = name.text;
  if (LEFT_OUT.has(method)) return [[node, receiver.getText(source), 'method']];
  if (!Object.hasOwn(COUNTERPARTS, method)) return [];
  const start = node.getStart(source);
  const text = node.getText(source);
  const [from, to] = [name.getStart(source) - start, name.getEnd() - start];
  return [[node, `${text.slice(0, from)}${COUNTERPARTS[method]}${text.slice(to)}`, 'method']];
}
