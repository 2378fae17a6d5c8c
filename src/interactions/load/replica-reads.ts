import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { FhirError } from '../../errors/fhir-error.js';
import { Overloaded } from './overloaded.js';
import { isBeyondLimits, isDataException } from './sql-state.js';
import { stoppable, type WideReads } from './wide-reads.js';

/** How far the log of a database is written, and which database it is. */
export interface LogPosition {
  /** PostgreSQL's `pg_lsn`. */
  readonly lsn: string;
  /** Identifies the server and all its replicas. */
  readonly system: string;
  readonly database: string;
}

/** What reads on a replica need. */
export interface ReplicaSource {
  /** Where the primary is now. */
  position(): Promise<LogPosition>;
  open(): Promise<DataSource>;
  /** Carries a read out among so many. @throws Overloaded 503 when too many wait */
  admit<T>(read: () => Promise<T>): Promise<T>;
  /** Longest that a read waits for the replica to have caught up, in ms. */
  readonly patienceMs: number;
  warn(message: string): void;
}

/** The replica lacks something that was committed before, is no replica, or was seen so a moment ago. */
class ReplicaBehind extends Error {}

const POLL_MS = 5;
/** After a failure the primary is asked alone for as long. */
const PAUSE_MS = 5000;
/**
 * How many times the patience the primary is asked alone after a replica was behind, {@link PAUSE_MS} at most: one
 * that always is would otherwise hold every read up, and with them the few places for reads on it.
 */
const BEHIND_PAUSE = 10;

/** Of a primary; needs no special right. */
export const POSITION = `
  SELECT pg_current_wal_flush_lsn()::text AS lsn, system_identifier::text AS system,
         current_database() AS database FROM pg_control_system()`;

/** Whether a replica of that database has everything up to there. */
const HAS_REACHED = `
  SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::pg_lsn
         AND system_identifier::text = $2 AND current_database() = $3 AS reached
    FROM pg_control_system()`;

/**
 * Reads on a replica that has everything which was committed, by whomever and through whichever instance, before
 * the read began, and on the primary otherwise: a caller always finds what was answered to anybody.
 */
export class ReplicaReads implements WideReads {
  private pausedUntil = 0;

  constructor(
    private readonly primary: WideReads,
    private readonly source: ReplicaSource,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async run<T>(read: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.isPaused()) return this.primary.run(read);
    try {
      return await this.source.admit(() => this.onReplica(read));
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (!isNoFailure(error)) this.leaveAlone(error);
      return this.primary.run(read);
    }
  }

  private isPaused(): boolean {
    return this.now() < this.pausedUntil;
  }

  private async onReplica<T>(read: (manager: EntityManager) => Promise<T>): Promise<T> {
    // Others may have found it behind while this read waited for its turn.
    if (this.isPaused()) throw new ReplicaBehind();
    const position = await this.source.position();
    const replica = await this.source.open();
    // In a transaction all statements have one connection: behind a name may be several replicas.
    return replica.transaction(async (manager) => {
      await this.reach(manager, position);
      return stoppable(() => read(manager));
    });
  }

  private async reach(
    manager: EntityManager,
    { lsn, system, database }: LogPosition,
  ): Promise<void> {
    const deadline = this.now() + this.source.patienceMs;
    for (;;) {
      const rows: { reached: boolean | null }[] = await manager.query(HAS_REACHED, [
        lsn,
        system,
        database,
      ]);
      if (rows[0]?.reached === true) return;
      if (this.now() >= deadline) {
        this.pause(Math.min(BEHIND_PAUSE * this.source.patienceMs, PAUSE_MS));
        throw new ReplicaBehind();
      }
      await delay(POLL_MS);
    }
  }

  private leaveAlone(error: unknown): void {
    this.pause(PAUSE_MS);
    this.source.warn(`The replica fails and is left alone for a while: ${String(error)}`);
  }

  private pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + ms);
  }
}

/** Whether the read itself was refused, as the primary would: an answer, and no sign of a replica that fails. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Overloaded) return false;
  return error instanceof FhirError || isDataException(error);
}

/** Whether the replica only has no place for this read, or not all that it needs, and serves others as before. */
function isNoFailure(error: unknown): boolean {
  return error instanceof Overloaded || error instanceof ReplicaBehind || isBeyondLimits(error);
}
