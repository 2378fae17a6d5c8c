import ts from 'typescript';
import { expressionMutants } from './expression-mutants.mjs';
import { statementMutants } from './statement-mutants.mjs';

/**
 * @typedef {object} Mutant one small fault that can be switched on.
 * @property {'expression' | 'statement' | 'entry'} form what is replaced: a value by another; a statement by
 *   nothing; or what follows a place by leaving it.
 * @property {number} start offset in the text where it begins
 * @property {number} end offset behind it
 * @property {string} replacement TypeScript
 * @property {string} kind the rule that made it
 * @property {number} line from 1
 * @property {string} original what is replaced, in one line
 * @property {string} context the whole first line of it, trimmed; with `kind` and texts it identifies the mutant
 */

/**
 * All mutants of a source file, in the order of the text.
 *
 * @param {string} text TypeScript
 * @param {string} fileName for messages of the parser only
 * @returns {Mutant[]}
 */
export function mutantsOf(text, fileName) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found = [];
  visit(source, (node) => {
    for (const mutant of [...statementMutants(node, source), ...expressionMutants(node, source)]) {
      found.push({ ...mutant, ...placeOf(mutant, text, source) });
    }
  });
  return found.sort((one, other) => one.start - other.start || one.end - other.end);
}

/** What does not run is left out: types, imports, decorators. */
function visit(node, each) {
  const isInert =
    ts.isDecorator(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isHeritageClause(node) ||
    ts.isTypeNode(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node);
  if (isInert) return;
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

function placeOf({ start, end }, text, source) {
  const { line } = source.getLineAndCharacterOfPosition(start);
  return {
    line: line + 1,
    original: text.slice(start, end).replace(/\s+/g, ' '),
    context: text.split('\n')[line].trim(),
  };
}
