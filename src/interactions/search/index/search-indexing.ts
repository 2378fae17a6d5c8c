import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { InvalidResource } from '../../../errors/fhir-error.js';
import { SearchIndex, type Indexed } from './search-index.js';
import { INDEX_USED } from '../../storage/lock-keys.js';
import { SearchNotReady } from './search-not-ready.js';

/** Resources indexed in one transaction. */
const BATCH = 100;
/** Names the lock among all advisory locks of the database; arbitrary, but never to be changed. */
const INDEXING_LOCK = 7_265_143_110;
/** Between batches, so that requests come first. */
const PAUSE_MS = 10;
const RETRY_MS = 250;
/** For writers who index otherwise; others wait behind this, so that it is tried again rather than waited for. */
const TAKEOVER_PATIENCE_MS = 2000;
/** PostgreSQL's `lock_not_available`. */
const LOCK_TIMEOUT = '55P03';

/** What one step did: all done, some done, somebody else is at it, or others have taken the index over. */
type Step = 'complete' | 'progress' | 'waiting' | 'superseded';

/**
 * Indexes resources that were stored before, or under other definitions or another base URL: in small transactions, one instance
 * at a time, going on where it was interrupted. Until it is done searches are refused, as they could miss
 * resources.
 */
@Injectable()
export class SearchIndexing implements OnModuleDestroy {
  private readonly log = new Logger(SearchIndexing.name);
  private isComplete = false;
  /** Whether the index was taken over, which an instance does when it starts and never again. */
  private hasBegun = false;
  private isStopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly index: SearchIndex,
  ) {}

  /** Indexes the first batch, and so everything where there is little; the rest in the background. */
  async start(): Promise<void> {
    if ((await this.patientStep()) === 'complete') {
      this.isComplete = true;
      return;
    }
    this.log.log('Indexing existing resources; searches are refused until it is done');
    this.running ??= this.untilComplete();
  }

  /** Waits until every resource can be found. */
  async completed(): Promise<void> {
    await this.running;
  }

  /** @throws SearchNotReady 503 while a search could miss resources */
  assertComplete(): void {
    if (!this.isComplete) throw new SearchNotReady();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async untilComplete(): Promise<void> {
    while (!this.isStopped) {
      const step = await this.attempt();
      if (step === 'complete') {
        this.isComplete = true;
        this.log.log('All resources are indexed');
        return;
      }
      if (step === 'superseded') {
        this.log.warn(
          'Another version of Wardgate indexes this database now; replace this instance',
        );
        return;
      }
      await delay(step === 'progress' ? PAUSE_MS : RETRY_MS, undefined, { ref: false });
    }
  }

  private async attempt(): Promise<Step> {
    try {
      return await this.patientStep();
    } catch (error) {
      this.log.warn(`Indexing failed and is tried again: ${String(error)}`);
      return 'waiting';
    }
  }

  private async patientStep(): Promise<Step> {
    try {
      const step = await this.step();
      this.hasBegun ||= step !== 'waiting';
      return step;
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'code') === LOCK_TIMEOUT) return 'waiting';
      throw error;
    }
  }

  private step(): Promise<Step> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await hasLock(manager))) return (await this.isDone(manager)) ? 'complete' : 'waiting';
      if (!(await this.takeOver(manager))) return 'superseded';
      const { indexedTo, isComplete } = await this.progress(manager);
      if (isComplete) return 'complete';
      const resources: Indexed[] = await manager.query(
        `SELECT search_key AS key, resource_type AS type, resource::text AS text
           FROM clinical_resource WHERE search_key > $1 ORDER BY search_key LIMIT ${BATCH} FOR UPDATE`,
        [indexedTo],
      );
      const last = resources.at(-1)?.key ?? indexedTo;
      await this.index.remove(
        manager,
        resources.map(({ key }) => key),
      );
      await this.index.add(
        manager,
        resources.filter((resource) => this.isIndexable(resource)),
      );
      const isLast = resources.length < BATCH;
      await manager.query('UPDATE search_progress SET indexed_to = $1, is_complete = $2', [
        last,
        isLast,
      ]);
      return isLast ? 'complete' : 'progress';
    });
  }

  /** One that was stored before there was a limit must not keep all others from being found. */
  private isIndexable({ type, text, key }: Indexed): boolean {
    try {
      this.index.rowsOf(type, text);
      return true;
    } catch (error) {
      if (!(error instanceof InvalidResource)) throw error;
      this.log.error(`${type} with key ${key} is not indexed: ${error.message}`);
      return false;
    }
  }

  /** Whether others, who may be just looking, have indexed everything. */
  private async isDone(manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'SELECT FROM search_progress WHERE is_complete AND definitions = $1',
      [this.index.version],
    );
    return rows.length > 0;
  }

  /**
   * Waits for writers who index by other definitions; those who come later see that theirs are out of date.
   *
   * @returns whether the index is, or may become, the one of this instance
   */
  private async takeOver(manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'SELECT FROM search_progress WHERE definitions <> $1',
      [this.index.version],
    );
    if (rows.length === 0) return true;
    if (this.hasBegun) return false;
    await manager.query(`SET LOCAL lock_timeout = ${TAKEOVER_PATIENCE_MS}`);
    await manager.query('SELECT pg_advisory_xact_lock($1)', [INDEX_USED]);
    return true;
  }

  /** Where it goes on; at the beginning when the definitions are others than last time. */
  private async progress(
    manager: EntityManager,
  ): Promise<{ readonly indexedTo: string; readonly isComplete: boolean }> {
    await manager.query(
      `INSERT INTO search_progress AS p (id, definitions, indexed_to, is_complete)
       VALUES (1, $1, 0, false)
       ON CONFLICT (id) DO UPDATE SET definitions = $1, indexed_to = 0, is_complete = false
         WHERE p.definitions <> $1`,
      [this.index.version],
    );
    const rows: { indexedTo: string; isComplete: boolean }[] = await manager.query(
      'SELECT indexed_to AS "indexedTo", is_complete AS "isComplete" FROM search_progress',
    );
    return rows[0] ?? { indexedTo: '0', isComplete: false };
  }
}

async function hasLock(manager: EntityManager): Promise<boolean> {
  const rows: { locked: boolean }[] = await manager.query(
    'SELECT pg_try_advisory_xact_lock($1) AS locked',
    [INDEXING_LOCK],
  );
  return rows[0]?.locked === true;
}
