import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TracedDecision } from './decision-trace.js';
import { DenialMetrics } from './denial-metrics.js';
import { deniedAt, isOfKnownCaller, storedTrace, type StoredDenial } from './stored-denial.js';
import { TracingSettings } from './tracing-settings.js';

const WRITE_AFTER_MS = 1_000;
/** Denials that wait to be written; more in one second are not stored. */
const MAX_WAITING = { known: 200, others: 50 } as const;
const RENDERED_AT_ONCE = 10;
const PRUNE_EVERY_MS = 600_000;
const PRUNE_BATCH = 10_000;

type Group = keyof typeof MAX_WAITING;

/**
 * Denials in PostgreSQL, where every instance finds them. They are written together and not before the
 * request is answered, so that those of the last second are lost in a crash. While the database does not
 * take them, no request waits or fails for it: what is more than may wait is lost and counted.
 */
@Injectable()
export class DenialStore implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(DenialStore.name);
  private waiting: Record<Group, TracedDecision[]> = { known: [], others: [] };
  private isWriting = false;
  private timer: NodeJS.Timeout | undefined;
  private pruning: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: TracingSettings,
    private readonly metrics: DenialMetrics,
  ) {}

  onModuleInit(): void {
    if (this.settings.denialRetentionMs === 0) return;
    this.pruning = setInterval(() => void this.prune(), PRUNE_EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.pruning);
    await this.flush();
  }

  /** Takes a denial to be written soon; costs the request nothing but this. */
  add(denial: TracedDecision): void {
    if (this.settings.denialRetentionMs === 0) return;
    const group = isOfKnownCaller(denial.trace) ? 'known' : 'others';
    const waiting = this.waiting[group];
    if (waiting.length >= MAX_WAITING[group]) {
      this.metrics.lost(1);
      return;
    }
    waiting.push(denial);
    this.writeSoon();
  }

  /** Resolves when what waited is written, or is lost because the database does not take it. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeWaiting());
    await this.writing;
  }

  /**
   * The denials of one request, in order.
   *
   * @param most how many are returned; `total` counts all that are stored
   */
  async find(
    requestId: string,
    most: number,
  ): Promise<{ found: readonly string[]; total: number }> {
    const rows: readonly { trace: string; total: number }[] = await this.dataSource.query(
      `SELECT trace, (count(*) OVER ())::int AS total
         FROM denial WHERE request_id = $1 ORDER BY number LIMIT $2`,
      [requestId, most],
    );
    return { found: rows.map(({ trace }) => trace), total: rows[0]?.total ?? 0 };
  }

  /** Removes what is too old, and the oldest of what is too much. */
  async prune(): Promise<void> {
    const { denialRetentionMs, storedDenials } = this.settings;
    try {
      await this.remove(`denied_at < clock_timestamp() - $1 * interval '1 millisecond'`, [
        denialRetentionMs,
      ]);
      for (const isKnown of [true, false]) {
        await this.remove(
          `is_known = $1 AND number <= (SELECT number FROM denial WHERE is_known = $1
             ORDER BY number DESC OFFSET $2 LIMIT 1)`,
          [isKnown, storedDenials],
        );
      }
    } catch (error) {
      this.log.warn(`Old denials cannot be removed: ${String(error)}`);
    }
  }

  /** Rows that another instance is removing are left to it. */
  private async remove(condition: string, parameters: readonly unknown[]): Promise<void> {
    for (let removed = PRUNE_BATCH; removed === PRUNE_BATCH;) {
      [, removed] = await this.dataSource.query<[unknown, number]>(
        `DELETE FROM denial WHERE number IN (
           SELECT number FROM denial WHERE ${condition} LIMIT ${PRUNE_BATCH} FOR UPDATE SKIP LOCKED)`,
        [...parameters],
      );
    }
  }

  /** A database that is slow or silent is given no second statement; what comes meanwhile stays where it is bounded. */
  private writeSoon(): void {
    if (this.isWriting) return;
    this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  private async writeWaiting(): Promise<void> {
    const { known, others } = this.waiting;
    this.waiting = { known: [], others: [] };
    this.isWriting = true;
    await this.write([...known, ...others]);
    this.isWriting = false;
    if (this.waiting.known.length + this.waiting.others.length > 0) this.writeSoon();
  }

  private async write(denials: readonly TracedDecision[]): Promise<void> {
    if (denials.length === 0) return;
    try {
      await this.insert(await rendered(denials));
    } catch (error) {
      this.metrics.lost(denials.length);
      this.log.warn(`${denials.length} denials cannot be stored: ${String(error)}`);
    }
  }

  private async insert(denials: readonly StoredDenial[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO denial (request_id, denied_at, is_known, trace)
       SELECT request_id, denied_at, is_known, trace
         FROM unnest($1::uuid[], $2::timestamptz[], $3::boolean[], $4::text[])
              WITH ORDINALITY AS d (request_id, denied_at, is_known, trace, place)
        ORDER BY place`,
      [
        denials.map(({ requestId }) => requestId),
        denials.map((denial) => deniedAt(denial)),
        denials.map(({ isKnown }) => isKnown),
        denials.map(({ text }) => text),
      ],
    );
  }
}

async function rendered(denials: readonly TracedDecision[]): Promise<readonly StoredDenial[]> {
  const stored: StoredDenial[] = [];
  for (const denial of denials) {
    stored.push(storedTrace(denial));
    if (stored.length % RENDERED_AT_ONCE === 0) await yieldToOthers();
  }
  return stored;
}
