import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { UsedProofs } from './used-proofs.js';

/** A caller is told to come back rather than kept waiting for a slow database. */
const PATIENCE_MS = 3000;
const PRUNE_EVERY_MS = 60_000;
const PRUNE_BATCH = 10_000;
/** Replays on one instance that cost the database nothing. */
const MAX_RECENT = 10_000;

/**
 * Used proofs in PostgreSQL, where a unique key lets each be added once, whichever instance is asked.
 * What has expired is removed while proofs are added.
 */
@Injectable()
export class StoredProofs extends UsedProofs {
  private readonly log = new Logger(StoredProofs.name);
  private readonly recent = new LRUCache<string, true>({ max: MAX_RECENT });
  private prunedAt = -Infinity;

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async add(digest: Uint8Array, keepMs: number): Promise<boolean> {
    const key = Buffer.from(digest).toString('base64');
    if (this.recent.has(key)) return false;
    const isFirst = await inTime(this.insert(digest, keepMs));
    this.recent.set(key, true, { ttl: keepMs });
    void this.prune();
    return isFirst;
  }

  private async insert(digest: Uint8Array, keepMs: number): Promise<boolean> {
    const rows: readonly unknown[] = await this.dataSource.query(
      `INSERT INTO used_proof (digest, expires_at)
       VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
       ON CONFLICT (digest) DO NOTHING
       RETURNING 1`,
      [Buffer.from(digest), keepMs],
    );
    return rows.length === 1;
  }

  private async prune(): Promise<void> {
    const now = performance.now();
    if (now - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = now;
    try {
      while ((await this.removeExpired()) === PRUNE_BATCH);
    } catch (error) {
      this.log.warn(`Expired proofs cannot be removed: ${String(error)}`);
    }
  }

  /** Rows that another instance is removing are left to it. */
  private async removeExpired(): Promise<number> {
    const [, removed]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM used_proof WHERE digest IN (
         SELECT digest FROM used_proof WHERE expires_at < clock_timestamp()
          LIMIT ${PRUNE_BATCH} FOR UPDATE SKIP LOCKED)`,
    );
    return removed;
  }
}

async function inTime<T>(result: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`The database took longer than ${PATIENCE_MS} ms`);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    patience.abort();
  }
}
