import {
  Composer,
  isScalar,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type ParsedNode,
} from 'yaml';
import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { BodySyntaxError, YamlTooLarge } from './format-errors.js';
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

/** Documents of one text, and where its lines begin. */
interface Composed {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
}

/**
 * Translates YAML 1.2 (core schema) to JSON text, numbers with the digits they were written with.
 *
 * Whole lines that begin with `//` are comments. Of a repeated key the last wins. Tags, directives,
 * a second document and merge keys are not read; aliases are bounded.
 *
 * @throws BodySyntaxError (400) with line and column; BadRequest (400) for what JSON cannot say.
 */
export function yamlToJson(text: string, limits: BodyLimits): string {
  const { documents, lines } = composed(text, limits, 2);
  const [document, second] = documents;
  if (second) throw new BadRequest('The YAML has more than one document', 'structure');
  return document ? translated(document, lines, limits) : 'null';
}

/**
 * The same for a text of several documents; those that hold nothing are left out.
 *
 * @throws as {@link yamlToJson}; YamlTooLarge (413) when all together are larger than a body may be.
 */
export function yamlDocumentsToJson(text: string, limits: BodyLimits): readonly string[] {
  const { documents, lines } = composed(text, limits);
  let characters = 0;
  return documents.flatMap((document) => {
    const json = translated(document, lines, limits);
    characters += json.length;
    // Each document has aliases of its own.
    if (characters > limits.maxBytes) throw new YamlTooLarge(limits.maxYamlBytes);
    return isEmpty(document) ? [] : [json];
  });
}

function translated(document: Document.Parsed, lines: LineCounter, limits: BodyLimits): string {
  assertUnderstood(document, lines);
  return new YamlTranslator(limits).translate(document.contents);
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.source === '');
}

/** @param most how many documents are of interest */
function composed(text: string, limits: BodyLimits, most = Infinity): Composed {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(withoutSlashComments(text))];
  // Composing is recursive, and where it exhausts the stack the whole process may end.
  assertShallow(tokens, limits.maxDepth);
  return { documents: documentsOf(tokens, most), lines };
}

function documentsOf(tokens: readonly CST.Token[], most: number): readonly Document.Parsed[] {
  const options = { schema: 'core', resolveKnownTags: false, uniqueKeys: false } as const;
  const composer = new Composer<ParsedNode>({
    ...options,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const { stackTraceLimit } = Error;
  // The parser makes an error of every misplaced character; their stack traces take seconds.
  Error.stackTraceLimit = 0;
  const documents: Document.Parsed[] = [];
  try {
    for (const document of composer.compose(tokens)) {
      documents.push(document);
      if (documents.length === most) break;
    }
    return documents;
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
