import { InvalidPolicy, joinPath } from '../invalid-policy.js';
import { isArray, isObject, own, ownString, type Json, type JsonObject } from '../json.js';
import { isUnknownText, renderRelation, renderValue } from './bind-statement.js';
import { parseTemplate } from './parse-template.js';
import { RefusedStatement, StatementCheck } from './statement-check.js';
import type { SqlDialect } from './sql-dialect.js';
import type { SqlPart, SqlStatement } from './sql-statement.js';

const MAX_LENGTH = 20_000;
/** Stands for the relation of a `{{!path}}` while a statement is checked. */
const STAND_IN = 'wardgate_stand_in_';

/** A statement as it is checked, with stand-ins for its placeholders. */
interface Rendered {
  readonly text: string;
  readonly values: readonly number[];
  readonly standIns: readonly string[];
}

/**
 * Parses `sql: {query}` (spec §7): one SELECT that yields one column, of listed relations, functions,
 * operators and types.
 *
 * @param path where `sql` stands, for the issues.
 * @throws InvalidPolicy with the place of the first fault, or with every unknown element.
 */
export function parseStatement(source: Json, path: string, dialect: SqlDialect): SqlStatement {
  const place = joinPath(path, 'query');
  const query = queryOf(source, path);
  const parts = parseTemplate(query, place);
  const rendered = render(parts);
  try {
    const statement = onlyStatement(parsed(rendered.text, dialect));
    const select = own(own(statement, 'stmt'), 'SelectStmt');
    if (!isObject(select)) throw new RefusedStatement('must be a SELECT', undefined);
    const check = new StatementCheck(dialect, (name) => name.startsWith(STAND_IN));
    check.run(select);
    requireOneColumn(select);
    requirePlaceholders(check, rendered);
    return { parts: withoutTail(parts, rendered.text, statement), relations: dialect.relations };
  } catch (error) {
    if (!(error instanceof RefusedStatement)) throw error;
    const at = placeIn(parts, rendered.text, error.location);
    throw refusal(place, at === undefined ? error.message : `${at}: ${error.message}`);
  }
}

function queryOf(source: Json, path: string): string {
  const others = isObject(source) ? Object.keys(source).filter((key) => key !== 'query') : [];
  if (others.length > 0) {
    throw new InvalidPolicy(
      others.map((key) => ({ path: joinPath(path, key), message: 'unknown element of sql' })),
    );
  }
  const query = ownString(source, 'query');
  if (query === undefined || query.trim() === '' || query.length > MAX_LENGTH) {
    throw refusal(joinPath(path, 'query'), `a statement of 1 to ${MAX_LENGTH} characters`);
  }
  // The parser ends at U+0000, so that what follows would never be checked.
  if (isUnknownText(query)) {
    throw refusal(joinPath(path, 'query'), 'holds a character that PostgreSQL does not know');
  }
  if (query.toLowerCase().includes(STAND_IN)) {
    throw refusal(joinPath(path, 'query'), `names that begin with ${STAND_IN} are reserved`);
  }
  return query;
}

function render(parts: readonly SqlPart[]): Rendered {
  const values: number[] = [];
  const standIns: string[] = [];
  const text = parts.map((part) => renderPart(part, values, standIns)).join('');
  return { text, values, standIns };
}

function renderPart(part: SqlPart, values: number[], standIns: string[]): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'value':
      values.push(values.length + 1);
      return renderValue(values.length);
    case 'relation': {
      const name = `${STAND_IN}${standIns.length}`;
      standIns.push(name);
      return renderRelation(name);
    }
  }
}

function parsed(text: string, dialect: SqlDialect): Json {
  const parse = dialect.parse(text);
  if (parse.kind === 'tree') return parse.tree;
  const { message, position } = parse;
  const bytes = position === undefined ? undefined : byteLength(text.slice(0, position));
  throw new RefusedStatement(message, bytes);
}

function onlyStatement(tree: Json): JsonObject {
  const statements = own(tree, 'stmts');
  const [statement, second] = isArray(statements) ? statements : [];
  if (second !== undefined) {
    throw new RefusedStatement('one statement only', Number(own(second, 'stmt_location')));
  }
  if (!isObject(statement)) throw new RefusedStatement('no statement', undefined);
  return statement;
}

/** The leftmost SELECT of a UNION says how many columns there are; the database insists on the rest. */
function requireOneColumn(select: JsonObject): void {
  const left = own(select, 'larg');
  if (isObject(left)) {
    requireOneColumn(left);
    return;
  }
  const rows = own(select, 'valuesLists');
  const [row] = isArray(rows) ? rows : [];
  const columns = own(own(row, 'List'), 'items') ?? own(select, 'targetList');
  const isOne = isArray(columns) && columns.length === 1 && !columns.some(isStar);
  if (!isOne) throw new RefusedStatement('must yield exactly one column', undefined);
}

function isStar(target: Json): boolean {
  const fields = own(own(own(own(target, 'ResTarget'), 'val'), 'ColumnRef'), 'fields');
  return isArray(fields) && own(fields.at(-1), 'A_Star') !== undefined;
}

/** A placeholder within a text, a comment or a name is none to the parser. */
function requirePlaceholders(check: StatementCheck, { values, standIns }: Rendered): void {
  const used = [...check.parameters].sort((one, other) => one - other);
  if (used.join() !== values.join()) {
    throw new RefusedStatement(
      '{{path}} stands for a value and cannot be in quotes, a comment or a name; $1 cannot be used',
      undefined,
    );
  }
  if (check.standIns.sort(byNumber).join() !== standIns.join()) {
    throw new RefusedStatement('{{!path}} stands for a relation and for nothing else', undefined);
  }
}

function byNumber(one: string, other: string): number {
  return Number(one.slice(STAND_IN.length)) - Number(other.slice(STAND_IN.length));
}

/** The parts without what follows the statement, a semicolon for instance. */
function withoutTail(
  parts: readonly SqlPart[],
  text: string,
  statement: JsonObject,
): readonly SqlPart[] {
  const length = own(statement, 'stmt_len');
  const last = parts.at(-1);
  if (typeof length !== 'number' || last?.kind !== 'text') return parts;
  const end = Number(own(statement, 'stmt_location') ?? 0) + length;
  const tail = text.length - prefixOfBytes(text, end).length;
  // No placeholder can be in the tail, or it would have been missed above.
  const kept = last.text.slice(0, last.text.length - tail);
  return [...parts.slice(0, -1), { kind: 'text', text: kept }];
}

/** The place in the statement as it was written, of a place in the one that was checked. */
function placeIn(
  parts: readonly SqlPart[],
  text: string,
  location: number | undefined,
): string | undefined {
  if (location === undefined) return undefined;
  const before = prefixOfBytes(text, location);
  const source = sourceBefore(parts, before.length);
  const lines = source.split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

function sourceBefore(parts: readonly SqlPart[], length: number): string {
  const values: number[] = [];
  const standIns: string[] = [];
  let source = '';
  let left = length;
  for (const part of parts) {
    const rendered = renderPart(part, values, standIns);
    if (rendered.length > left)
      return source + (part.kind === 'text' ? rendered.slice(0, left) : '');
    left -= rendered.length;
    source += part.kind === 'text' ? part.text : writtenAs(part);
  }
  return source;
}

function writtenAs(part: Exclude<SqlPart, { kind: 'text' }>): string {
  return `{{${part.kind === 'relation' ? '!' : ''}${part.path.join('.')}}}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function prefixOfBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, Math.max(bytes, 0)));
}

function refusal(path: string, message: string): InvalidPolicy {
  return new InvalidPolicy([{ path, message }]);
}
