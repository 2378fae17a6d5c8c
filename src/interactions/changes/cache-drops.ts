import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { UnitOfWork } from '../storage/unit-of-work.js';
import type { Change, ChangeListener } from './change-feed.js';

/** Caches something that was fetched from elsewhere. */
export interface CacheOwner {
  /**
   * Forgets everything fetched so far, what is on its way included: its result must serve nobody who
   * asks from now on. Called again with the same epoch when another owner failed.
   *
   * @param epoch part of the key of every entry in a shared cache, where it makes old ones unreachable
   */
  dropCache(epoch: string): void | Promise<void>;
}

/** Type under which the change log carries a drop; the id is the new epoch. */
const CACHE_DROPPED = '$drop-cache';

/**
 * Empties the caches of all instances (`POST /$drop-cache`).
 *
 * The epoch is written with an entry of the change log in one transaction, so that every instance
 * learns of it as it learns of configuration, and one that starts later reads it before it serves.
 */
export class CacheDrops implements ChangeListener {
  private readonly owners: CacheOwner[] = [];
  private epoch: string | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly work: Pick<UnitOfWork, 'run'>,
  ) {}

  /** Takes part in every drop; to be called before the change feed starts, which hands out the epoch. */
  join(owner: CacheOwner): void {
    this.owners.push(owner);
  }

  /** Drops everything; done on this instance when it resolves, and on the others within a second. */
  async drop(): Promise<void> {
    const epoch = randomUUID();
    await this.work.run(async ({ manager, changes }) => {
      // The row is locked until the commit, so that drops are logged in the order of their epochs.
      await manager.query(
        `INSERT INTO cache_epoch (id, epoch) VALUES (1, $1)
           ON CONFLICT (id) DO UPDATE SET epoch = EXCLUDED.epoch`,
        [epoch],
      );
      changes.push({ type: CACHE_DROPPED, id: epoch });
    });
  }

  async onChanges(changes: readonly Change[]): Promise<void> {
    const drop = changes.findLast(({ type }) => type === CACHE_DROPPED);
    if (drop !== undefined) await this.enter(drop.id);
  }

  async onReset(): Promise<void> {
    const rows: { epoch: string }[] = await this.dataSource.query('SELECT epoch FROM cache_epoch');
    const epoch = rows[0]?.epoch ?? '';
    if (epoch !== this.epoch) await this.enter(epoch);
  }

  private async enter(epoch: string): Promise<void> {
    for (const owner of this.owners) await owner.dropCache(epoch);
    this.epoch = epoch;
  }
}
