import { BadRequest } from '../../../errors/fhir-error.js';
import type { SearchStatement } from './search-statement.js';
import { SORTED_CHARACTERS, type SortKey } from './sort-keys.js';

/** Where a page ended: the values that its last match was ordered by, then its type and id. */
export interface PageCursor {
  /** As PostgreSQL writes them; null where the match had none. */
  readonly values: readonly (string | null)[];
  readonly type: string;
  readonly id: string;
}

const VALID: Readonly<Record<SortKey['type'], RegExp>> = {
  numeric: /^-?(?:\d{1,400}(?:\.\d{1,400})?|Infinity)$/,
  text: new RegExp(`^[^\\0]{0,${SORTED_CHARACTERS}}$`, 'su'),
  timestamptz:
    /^(?:-?infinity|\d{4,5}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d(?::\d\d)?)?)$/,
};

/** The cursor as one word of a link. */
export function writeCursor({ values, type, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([...values, type, id])).toString('base64url');
}

/** @throws BadRequest 400 for what {@link writeCursor} did not write for these keys */
export function readCursor(text: string, keys: readonly SortKey[]): PageCursor {
  const parts = parsed(text);
  const [type, id] = parts.slice(-2);
  const values = parts.slice(0, -2);
  const fits =
    parts.length === keys.length + 2 &&
    values.every((value, at) => value === null || VALID[keys[at]?.type ?? 'text'].test(value));
  if (fits && typeof type === 'string' && typeof id === 'string') return { values, type, id };
  throw notOurs();
}

function parsed(text: string): readonly (string | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(parts) && parts.every(isPart)) return parts;
  } catch {
    throw notOurs();
  }
  throw notOurs();
}

function isPart(part: unknown): part is string | null {
  return part === null || (typeof part === 'string' && !part.includes('\0'));
}

/** The refusal of a cursor that no page ended with. */
export function notOurs(): BadRequest {
  return new BadRequest('_after is not one of this search’s own paging links', 'value', '_after');
}

/** The condition that a match comes after the cursor, over columns `key_1`… , `resource_type` and `id`. */
export function afterCursor(
  { values, type, id }: PageCursor,
  keys: readonly SortKey[],
  statement: SearchStatement,
): string {
  const equal: string[] = [];
  const alternatives: string[] = [];
  keys.forEach((key, at) => {
    const column = `key_${at + 1}`;
    const value = values[at] ?? null;
    if (value !== null) {
      const bound = () =>
        `${statement.bind(value)}::${key.type}${key.type === 'text' ? ' COLLATE "C"' : ''}`;
      const later = `${column} ${key.isDescending ? '<' : '>'} ${bound()} OR ${column} IS NULL`;
      alternatives.push([...equal, `(${later})`].join(' AND '));
      equal.push(`${column} = ${bound()}`);
    } else equal.push(`${column} IS NULL`);
  });
  const last = `(resource_type, id) > (${statement.bind(type)}, ${statement.bind(id)})`;
  alternatives.push([...equal, last].join(' AND '));
  return alternatives.map((alternative) => `(${alternative})`).join(' OR ');
}
