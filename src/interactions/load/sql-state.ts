/** The SQLSTATE with which PostgreSQL refused a statement; empty where something else failed. */
export function sqlStateOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** Whether a value of the statement cannot be read, or not held: SQLSTATE class 22. */
export function isDataException(error: unknown): boolean {
  return sqlStateOf(error).startsWith('22');
}

/** Whether the statement takes more than the server lets one take: SQLSTATE class 54, and 53400 for its files. */
export function isBeyondLimits(error: unknown): boolean {
  return /^(?:54|53400)/.test(sqlStateOf(error));
}
