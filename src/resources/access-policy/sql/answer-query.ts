/** The types of values that can allow, as PostgreSQL names them. */
const NUMBERS: ReadonlySet<string> = new Set([
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double precision',
]);

/** Longer than any number that is not zero needs to be told from zero, short enough to be sent. */
const MAX_DIGITS = 20_000;

/**
 * Has the database say of what type the one column of a SELECT is, and its value as a text; of many rows
 * two, as more than one decide nothing. Within parentheses it can be nothing but a query.
 */
export function answerQuery(statement: string): string {
  return `SELECT pg_catalog.pg_typeof(v)::pg_catalog.text,
                 pg_catalog."left"(v::pg_catalog.text, ${MAX_DIGITS})
            FROM (\n${statement}\n) AS wardgate_answer (v) LIMIT 2`;
}

/** Whether there is one row, and it is true or a number other than zero (spec §7, sql). */
export function isGrant(rows: readonly (readonly unknown[])[]): boolean {
  const [row] = rows;
  if (!row || rows.length > 1) return false;
  const [type, value] = row;
  if (typeof type !== 'string' || typeof value !== 'string') return false;
  if (type === 'boolean') return value === 'true';
  return NUMBERS.has(type) && value !== 'NaN' && /[1-9]|Infinity/.test(value.split('e')[0] ?? '');
}
