import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SecretsCodec, SecretsUnreadable } from './secrets-codec.js';

/** Tables whose rows keep secrets beside the resource. Literals of the code, never input. */
export const TABLES_WITH_SECRETS = [
  'access_policy',
  'client',
  'identity_provider',
  'role',
  'token_introspector',
  'user',
];

/** Rows written again in one transaction. */
const BATCH = 100;
/** Names the lock among all advisory locks of the database; arbitrary, but never to be changed. */
const ROTATION_LOCK = 7_265_143_109;
const RETRY_MS = 5000;
/** Rows that cannot be read are reported once each, as far as this many are remembered. */
const MAX_REPORTED = 10_000;
/** Between batches, so that requests come first. */
const PAUSE_MS = 10;

interface SecretsRow {
  readonly type: string;
  readonly id: string;
  readonly version_id: string;
  readonly secrets: unknown;
}

/** How far a rotation came. */
export interface Rotation {
  readonly written: number;
  /** Rows that were being written by others, or by an instance that rotates, too. */
  readonly remaining: number;
}

/**
 * Brings what is stored under the current key: what former keys sealed, and what is in clear. Rows are
 * written again in small transactions, so that it may be interrupted at any time and goes on at the next
 * start; a resource gets no new version by it.
 */
@Injectable()
export class SecretsAtRest implements OnModuleDestroy {
  private readonly log = new Logger(SecretsAtRest.name);
  private readonly unreadable = new Set<string>();
  private isStopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly codec: SecretsCodec,
  ) {}

  /**
   * To be called before anything is read or written.
   *
   * @throws SecretsUnreadable naming every key that is missing, and how much is sealed with it.
   */
  async check(): Promise<void> {
    const rows: { type: string; key: string | null; count: string }[] = await this.dataSource.query(
      `SELECT type, key, count(*) AS count FROM (${TABLES_WITH_SECRETS.map(sealedRows).join(' UNION ALL ')}) AS rows
        WHERE key IS NULL OR NOT key = ANY($1)
        GROUP BY type, key ORDER BY type, key`,
      [this.codec.keyIds],
    );
    const missing = rows.filter(({ key }) => key !== null || this.codec.keyIds.length === 0);
    if (missing.length === 0) return;
    const lines = missing.map(
      ({ type, key, count }) => `- ${count} of ${type} under key ${key ?? 'without id'}`,
    );
    const keys = this.codec.keyIds.join(', ') || 'none';
    throw new SecretsUnreadable(
      [
        `Secrets in the database are encrypted with keys that are not configured (configured: ${keys}).`,
        'Set BOX_SECURITY_ENCRYPT_SECRET, or add the former one to BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS:',
        ...lines,
      ].join('\n'),
    );
  }

  /** Rotates in the background until everything is under the current key. */
  start(): void {
    if (this.codec.currentKeyId === undefined) return;
    this.running ??= this.untilDone();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  /** Goes once through everything that is not under the current key. */
  async rotate(): Promise<Rotation> {
    let written = 0;
    for (const table of TABLES_WITH_SECRETS) {
      let after: string | undefined = '';
      while (after !== undefined && !this.isStopped) {
        const batch = await this.writeBatch(table, after);
        written += batch.written;
        after = batch.last;
        if (after !== undefined) await delay(PAUSE_MS);
      }
    }
    return { written, remaining: await this.remaining() };
  }

  private async untilDone(): Promise<void> {
    let written = 0;
    let reported: string | undefined;
    while (!this.isStopped) {
      const outcome = await this.attempt();
      written += typeof outcome === 'string' ? 0 : outcome.written;
      if (typeof outcome !== 'string' && outcome.remaining === 0) {
        if (written > 0) this.log.log(`All secrets are under the current key (${written} changed)`);
        return;
      }
      const message =
        typeof outcome === 'string'
          ? `Encrypting secrets with the current key failed: ${outcome}`
          : `${outcome.remaining} resources have secrets that are not under the current key yet`;
      if (message !== reported) this.log.warn(message);
      reported = message;
      await this.rest();
    }
  }

  private async attempt(): Promise<Rotation | string> {
    try {
      return await this.rotate();
    } catch (error) {
      return String(error);
    }
  }

  private async rest(): Promise<void> {
    const until = performance.now() + RETRY_MS;
    while (!this.isStopped && performance.now() < until) {
      await delay(100, undefined, { ref: false });
    }
  }

  private writeBatch(
    table: string,
    after: string,
  ): Promise<{ written: number; last: string | undefined }> {
    return this.dataSource.transaction(async (manager) => {
      // Instances with different current keys would otherwise undo each other's work in turns.
      if (!(await hasLock(manager))) return { written: 0, last: undefined };
      const rows: SecretsRow[] = await manager.query(
        `SELECT resource_type AS type, id, version_id, secrets FROM "${table}"
          WHERE id > $1 AND ${NOT_CURRENT} ORDER BY id LIMIT ${BATCH}
            FOR UPDATE SKIP LOCKED`,
        [after, this.codec.currentKeyId],
      );
      const sealed = rows.flatMap((row) => this.sealedAgain(row));
      await manager.query(
        `UPDATE "${table}" AS t SET secrets = next.secrets
           FROM unnest($1::text[], $2::jsonb[]) AS next (id, secrets) WHERE t.id = next.id`,
        [sealed.map(({ id }) => id), sealed.map(({ secrets }) => secrets)],
      );
      return { written: sealed.length, last: rows.length < BATCH ? undefined : rows.at(-1)?.id };
    });
  }

  /** Nothing for one that cannot be read, which must not keep the others from being sealed. */
  private sealedAgain({
    type,
    id,
    version_id,
    secrets,
  }: SecretsRow): { id: string; secrets: string }[] {
    const owner = { type, id, versionId: Number(version_id) };
    try {
      const encoded = this.codec.encode(owner, this.codec.decode(owner, secrets));
      return [{ id, secrets: JSON.stringify(encoded) }];
    } catch (error) {
      if (!(error instanceof SecretsUnreadable)) throw error;
      if (!this.unreadable.has(error.message)) this.log.error(error.message);
      if (this.unreadable.size < MAX_REPORTED) this.unreadable.add(error.message);
      return [];
    }
  }

  private async remaining(): Promise<number> {
    const counts = TABLES_WITH_SECRETS.map(
      (table) => `(SELECT count(*) FROM "${table}" WHERE ${NOT_CURRENT.replace('$2', '$1')})`,
    );
    const rows: { count: string }[] = await this.dataSource.query(
      `SELECT ${counts.join(' + ')} AS count`,
      [this.codec.currentKeyId],
    );
    return Number(rows[0]?.count ?? 0);
  }
}

const NOT_CURRENT = `secrets <> '{}' AND secrets ->> 'key' IS DISTINCT FROM $2`;

function sealedRows(table: string): string {
  return `SELECT resource_type AS type, secrets ->> 'key' AS key FROM "${table}" WHERE secrets ? 'sealed'`;
}

async function hasLock(manager: EntityManager): Promise<boolean> {
  const rows: { locked: boolean }[] = await manager.query(
    'SELECT pg_try_advisory_xact_lock($1) AS locked',
    [ROTATION_LOCK],
  );
  return rows[0]?.locked === true;
}
