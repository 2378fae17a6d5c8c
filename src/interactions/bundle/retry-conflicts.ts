/** PostgreSQL's serialization failure and deadlock: nothing was done, and the same may succeed now. */
const CONFLICTS: ReadonlySet<unknown> = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 3;
const MAX_CAUSES = 5;

/** Runs a transaction, and again when PostgreSQL gave it up in favour of another; at most three times. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

function isConflict(thrown: unknown): boolean {
  let error = thrown;
  for (let depth = 0; depth < MAX_CAUSES && error instanceof Error; depth += 1) {
    if (CONFLICTS.has(Reflect.get(error, 'code'))) return true;
    error = error.cause;
  }
  return false;
}
