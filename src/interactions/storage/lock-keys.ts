import type { Transaction } from './transaction.js';

/** Names the lock that writers share, and that changes how they index, among all advisory locks; never to be changed. */
export const INDEX_USED = 7_265_143_111;

/** Keys that a transaction holds; they are given back when it ends. */
const HELD = new WeakMap<Transaction, Set<string>>();

/**
 * Makes other transactions that want one of these keys wait until this one ends. A key is `Type/id`, for the
 * writers of a resource, or any other text that its users agree on.
 *
 * All are taken in one order, so that transactions which want several do not wait for each other.
 */
export async function lockKeys(transaction: Transaction, keys: readonly string[]): Promise<void> {
  const held = HELD.get(transaction) ?? new Set<string>();
  const wanted = keys.filter((key) => !held.has(key));
  if (wanted.length === 0) return;
  // A row lock cannot make the creators of one id wait for each other: there is no row yet.
  await transaction.manager.query(
    // The shared one first: whoever waits for it must not be waited for.
    `SELECT pg_advisory_xact_lock_shared($2), pg_advisory_xact_lock(lock) FROM (
       SELECT DISTINCT hashtextextended(key, 0) AS lock FROM unnest($1::text[]) AS key ORDER BY lock
     ) AS locks`,
    [wanted, INDEX_USED],
  );
  for (const key of wanted) held.add(key);
  HELD.set(transaction, held);
}
