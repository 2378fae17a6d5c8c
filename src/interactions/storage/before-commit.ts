import type { Transaction } from './transaction.js';

/** Something that must hold once everything in a transaction has been done. */
export type CommitCheck = () => Promise<void>;

const CHECKS = new WeakMap<Transaction, Map<object, CommitCheck>>();

/**
 * Has something checked when all work of a transaction is done, before it is committed. What it throws undoes
 * the transaction.
 *
 * @param owner asks for one check in each transaction, however often
 */
export function beforeCommit(transaction: Transaction, owner: object, check: CommitCheck): void {
  const checks = CHECKS.get(transaction) ?? new Map<object, CommitCheck>();
  if (!checks.has(owner)) checks.set(owner, check);
  CHECKS.set(transaction, checks);
}

/** Checks what was asked for. */
export async function runCommitChecks(transaction: Transaction): Promise<void> {
  for (const check of CHECKS.get(transaction)?.values() ?? []) await check();
}
