import { Composer, LineCounter, Parser, type CST, type Document, type ParsedNode } from 'yaml';
import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { BodySyntaxError } from './format-errors.js';
import { withoutSlashComments } from './slash-comments.js';
import { YamlTranslator } from './yaml-translator.js';

const PROBLEMS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Tabs cannot indent YAML; use spaces',
  BAD_INDENT: 'The YAML is indented inconsistently',
  MISSING_CHAR: 'The YAML lacks a colon, comma, quote or closing bracket',
  TAG_RESOLVE_FAILED: 'The YAML has a tag that is not read; write the value without it',
  BLOCK_AS_IMPLICIT_KEY: 'The YAML has a mapping where a value stands; check the indentation',
  MULTILINE_IMPLICIT_KEY: 'The YAML has a key that runs over several lines, or lacks a colon',
};

/**
 * Translates YAML 1.2 (core schema) to JSON text, numbers with the digits they were written with.
 *
 * Whole lines that begin with `//` are comments. Of a repeated key the last wins. Tags, directives,
 * a second document and merge keys are not read; aliases are bounded.
 *
 * @throws BodySyntaxError (400) with line and column; BadRequest (400) for what JSON cannot say.
 */
export function yamlToJson(text: string, limits: BodyLimits): string {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(withoutSlashComments(text))];
  // Composing is recursive, and where it exhausts the stack the whole process may end.
  assertShallow(tokens, limits.maxDepth);
  const document = onlyDocument(tokens);
  if (!document) return 'null';
  assertUnderstood(document, lines);
  return new YamlTranslator(limits).translate(document.contents);
}

function onlyDocument(tokens: readonly CST.Token[]): Document.Parsed | undefined {
  const options = { schema: 'core', resolveKnownTags: false, uniqueKeys: false } as const;
  const composer = new Composer<ParsedNode>({
    ...options,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const { stackTraceLimit } = Error;
  // The parser makes an error of every misplaced character; their stack traces take seconds.
  Error.stackTraceLimit = 0;
  try {
    const [document, second] = composer.compose(tokens);
    if (second) throw new BadRequest('The YAML has more than one document', 'structure');
    return document;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function assertUnderstood(document: Document.Parsed, lines: LineCounter): void {
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    // The parser's own words quote the body, which may hold a secret.
    throw new BodySyntaxError(PROBLEMS[problem.code] ?? 'The YAML is malformed', line, col);
  }
  if (document.directives.yaml.explicit) {
    throw new BadRequest('YAML directives are not read; leave the %YAML line out', 'structure');
  }
}

function assertShallow(tokens: readonly CST.Token[], maxDepth: number): void {
  const pending = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { token, depth } = next;
    // A document and the collection it holds are one level.
    if (depth > maxDepth + 1) {
      throw new BadRequest(`The body is nested more than ${maxDepth} levels deep`, 'structure');
    }
    for (const child of childrenOf(token)) pending.push({ token: child, depth: depth + 1 });
  }
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
