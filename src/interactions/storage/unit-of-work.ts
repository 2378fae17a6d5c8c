import type { DataSource } from 'typeorm';
import type { ChangeFeed } from '../changes/change-feed.js';
import type { Transaction } from './transaction.js';

/** Runs writes in one database transaction and makes them govern the next request here. */
export class UnitOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
  ) {}

  /** Commits when `work` resolves; nothing of it remains when it rejects. */
  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { value, transaction } = await this.dataSource.transaction(async (manager) => {
      const opened: Transaction = { manager, changesConfiguration: false };
      return { value: await work(opened), transaction: opened };
    });
    if (transaction.changesConfiguration) await this.feed.catchUp();
    return value;
  }
}
