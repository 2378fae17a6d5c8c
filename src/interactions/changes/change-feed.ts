import type { DataSource, EntityManager } from 'typeorm';
import { StaleConfiguration } from './stale-configuration.js';

/** A system resource was written or deleted. */
export interface Change {
  readonly type: string;
  readonly id: string;
}

/** Holds something in memory that changes of configuration must reach. */
export interface ChangeListener {
  /** Must have taken the changes into account when it resolves; a rejection is tried again. */
  onChanges(changes: readonly Change[]): Promise<void>;
  /** Too much was missed: everything held in memory must be read again. */
  onReset(): Promise<void>;
}

/** Longest time, in ms, for which decisions go on without having confirmed the revision. */
export const MAX_UNCONFIRMED_MS = 5000;

/** Rows of the change log older than this are of no use to a live instance, which polls each second. */
const KEEP_LOG = '1 hour';

/**
 * How instances learn of changed configuration (spec §10).
 *
 * Every write of a system resource takes the next revision inside its own transaction, which puts all
 * such writes in one order; an instance reads the log from the revision it has applied. Waking up
 * (notification, poll, own write) only decides when that happens, so nothing is missed when a
 * notification is lost.
 */
export class ChangeFeed {
  private readonly listeners: ChangeListener[] = [];
  private applied = 0n;
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  private queued: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  subscribe(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  /** Records the change in the writing transaction and wakes the other instances when it commits. */
  async announce(manager: EntityManager, type: string, id: string): Promise<void> {
    await manager.query(
      `WITH next AS (
         UPDATE configuration_revision SET revision = revision + 1 RETURNING revision
       ), logged AS (
         INSERT INTO configuration_change (revision, resource_type, id)
         SELECT revision, $1, $2 FROM next RETURNING revision
       )
       SELECT pg_notify('${CHANNEL}', revision::text) FROM logged`,
      [type, id],
    );
  }

  /** Reads everything into memory; to be awaited before the first request is served. */
  async start(): Promise<void> {
    await this.reset();
  }

  /**
   * Applies every change committed before the call.
   *
   * @throws when the log cannot be read or a listener fails; nothing counts as applied then.
   */
  catchUp(): Promise<void> {
    // A run under way may have read the log before the caller's commit; the next one has not.
    if (this.running) this.queued ??= this.beginAfter(this.running);
    // Whoever comes while the next one is about to begin joins it: two at once could pass each other.
    return this.queued ?? this.begin();
  }

  /** @throws StaleConfiguration when the revision has not been confirmed for {@link MAX_UNCONFIRMED_MS}. */
  confirmFresh(): void {
    if (this.now() - this.confirmedAt > MAX_UNCONFIRMED_MS) throw new StaleConfiguration();
  }

  /** What is decided with, and for how long that has not been confirmed: for ever, if it never was. */
  state(): { readonly revision: number; readonly unconfirmedMs: number } {
    return { revision: Number(this.applied), unconfirmedMs: this.now() - this.confirmedAt };
  }

  /** What is in memory is behind what was committed: nothing is decided until it has been read again. */
  distrust(): void {
    this.confirmedAt = Number.NEGATIVE_INFINITY;
  }

  /** Drops log entries that no running instance can still need. */
  async prune(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM configuration_change WHERE at < clock_timestamp() - interval '${KEEP_LOG}'`,
    );
  }

  private async beginAfter(running: Promise<void>): Promise<void> {
    await running.catch(() => undefined);
    this.queued = undefined;
    return this.begin();
  }

  private begin(): Promise<void> {
    this.running = this.apply().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async apply(): Promise<void> {
    const startedAt = this.now();
    const rows: { revision: string; type: string | null; id: string | null }[] =
      await this.dataSource.query(
        `SELECT r.revision, c.resource_type AS type, c.id
           FROM configuration_revision r
           LEFT JOIN configuration_change c ON c.revision > $1
          ORDER BY c.revision`,
        [this.applied.toString()],
      );
    const latest = BigInt(rows[0]?.revision ?? 0);
    const changes = rows.flatMap(({ type, id }) => (type && id ? [{ type, id }] : []));
    if (latest !== this.applied) {
      const isComplete = BigInt(changes.length) === latest - this.applied;
      if (isComplete) await this.deliver(changes, latest);
      else return this.reset();
    }
    this.confirmedAt = startedAt;
  }

  private async deliver(changes: readonly Change[], revision: bigint): Promise<void> {
    for (const listener of this.listeners) await listener.onChanges(changes);
    this.applied = revision;
  }

  private async reset(): Promise<void> {
    const startedAt = this.now();
    const rows: { revision: string }[] = await this.dataSource.query(
      'SELECT revision FROM configuration_revision',
    );
    for (const listener of this.listeners) await listener.onReset();
    this.applied = BigInt(rows[0]?.revision ?? 0);
    this.confirmedAt = startedAt;
  }
}

/** PostgreSQL notification channel on which writers wake the other instances. */
export const CHANNEL = 'wardgate_change';
