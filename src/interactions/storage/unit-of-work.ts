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
    let changesConfiguration = false;
    const result = await this.dataSource.transaction(async (manager) => {
      const transaction: Transaction = { manager, changesConfiguration: false };
      const value = await work(transaction);
      changesConfiguration = transaction.changesConfiguration;
      return value;
    });
    if (changesConfiguration) await this.feed.catchUp();
    return result;
  }
}
