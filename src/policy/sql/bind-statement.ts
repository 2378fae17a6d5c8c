import type { AccessRequest } from '../access-request.js';
import type { Json } from '../json.js';
import { valueAt } from '../matcho/request-path.js';
import { jsonText } from './json-text.js';
import type { SqlPart, SqlQuery, SqlStatement } from './sql-statement.js';

/**
 * Longest text that is bound, in UTF-16 code units. Functions of PostgreSQL that compare every character with
 * every other, such as btrim(), do not notice that their time is over, and longer texts would take them minutes.
 */
export const MAX_TEXT = 16_384;
/** Longest values of one statement together; objects and arrays count as JSON texts. */
export const MAX_VALUES = 1_048_576;

const TOO_LONG = 'the values of the request are too long';

/**
 * Puts what a request says into a statement: values as parameters, never as text.
 *
 * @throws Error when `{{!path}}` names no relation of the statement's, and for values that are too long or that
 * PostgreSQL does not know; the policy then counts as false.
 */
export function bindStatement(statement: SqlStatement, request: AccessRequest): SqlQuery {
  const values: (string | null)[] = [];
  let length = 0;
  const text = statement.parts.map((part) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'value':
        values.push(textOf(valueAt(request, part.path)));
        length += values.at(-1)?.length ?? 0;
        // Asked at each, so that one large body in many places is not written out many times.
        if (length > MAX_VALUES) throw new Error(TOO_LONG);
        return renderValue(values.length);
      case 'relation':
        return renderRelation(relationName(statement, part, request));
    }
  });
  return { text: text.join(''), values };
}

/** The statement as the database can read it without a request; of each `{{!path}}` it reads one relation. */
export function sampleText({ parts, relations }: SqlStatement): string {
  const [relation = ''] = relations;
  let values = 0;
  const text = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    return part.kind === 'value' ? renderValue((values += 1)) : renderRelation(relation);
  });
  return text.join('');
}

/** A parameter as it stands in a statement: typed, so that it can be used wherever a text can. */
export function renderValue(position: number): string {
  return ` ($${position}::text) `;
}

/** The name of a relation as it stands in a statement. */
export function renderRelation(name: string): string {
  return ` "${name}"`;
}

function relationName(
  { relations }: SqlStatement,
  { path }: Extract<SqlPart, { kind: 'relation' }>,
  request: AccessRequest,
): string {
  const value = valueAt(request, path);
  const name = typeof value === 'string' ? value.toLowerCase() : undefined;
  // Only listed names get into the text, so nothing in a request can be read as SQL.
  if (name !== undefined && relations.has(name)) return name;
  throw new Error(`{{!${path.join('.')}}} names no relation`);
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length > MAX_TEXT) {
    throw new Error(`a value has more than ${MAX_TEXT} characters`);
  }
  const text = typeof value === 'string' ? value : jsonText(value, MAX_VALUES);
  if (text === undefined) throw new Error(TOO_LONG);
  // Without that character, or with another in its place, a value could equal another.
  if (isUnknownText(text))
    throw new Error('a value holds a character that PostgreSQL does not know');
  return text;
}

/** Whether a text holds what PostgreSQL has no place for: U+0000, or half of a surrogate pair. */
export function isUnknownText(text: string): boolean {
  return text.includes('\0') || /[\uD800-\uDFFF]/u.test(text);
}
