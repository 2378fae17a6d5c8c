import type { DataSource } from 'typeorm';
import type { Change, ChangeFeed } from '../changes/change-feed.js';
import type { Admission } from '../load/admission.js';
import { runCommitChecks } from './before-commit.js';
import type { Transaction } from './transaction.js';

/** Where writes run together. */
export type WorkRunner = Pick<UnitOfWork, 'run'>;

/** Takes part in a transaction that is open: whoever opened it commits, or undoes everything. */
export function joining(transaction: Transaction): WorkRunner {
  return { run: (work) => work(transaction) };
}

/** Runs writes in one database transaction and makes them govern the next request here. */
export class UnitOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
  ) {}

  /** Commits when `work` resolves; nothing of it remains when it rejects. */
  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { value, hasChanges } = await this.dataSource.transaction(async (manager) => {
      const changes: Change[] = [];
      const transaction = { manager, changes };
      const done = await work(transaction);
      await runCommitChecks(transaction);
      // Last, because all writers of configuration wait for each other here: whoever held the
      // revision and then waited for a resource could be waited for by the one who has that.
      for (const { type, id } of changes) await this.feed.announce(manager, type, id);
      return { value: done, hasChanges: changes.length > 0 };
    });
    // It is committed: an error now would make the caller repeat it.
    if (hasChanges) await this.feed.catchUp().catch(() => this.feed.distrust());
    return value;
  }
}

/**
 * The same for writes that may wait for each other in the database, each with a connection in hand: only so
 * many are under way at once, so that connections are left for decisions and reads.
 */
export class AdmittedWork extends UnitOfWork {
  constructor(
    dataSource: DataSource,
    feed: ChangeFeed,
    private readonly admission: Admission,
  ) {
    super(dataSource, feed);
  }

  /** @throws Overloaded 503 when too many writes wait already, or for too long */
  override run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.admission.run(() => super.run(work));
  }
}
