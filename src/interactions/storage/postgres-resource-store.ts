import type { EntityManager } from 'typeorm';
import type { SearchIndex } from '../search/index/search-index.js';
import { readsWithin, type WideReads } from '../load/wide-reads.js';
import type { SearchPage, SearchQuery } from '../search/search-query.js';
import { lockKeys } from './lock-keys.js';
import type { HistoryQuery, ResourceStore, SecretsById } from './resource-store.js';
import { isAnnounced, type ResourceTable } from './resource-table.js';
import type { SecretsCodec } from './secrets-codec.js';
import type { StorageSettings } from './storage-settings.js';
import { isLive, type NextVersion, type StoredVersion } from './stored-version.js';
import type { Transaction } from './transaction.js';
import { historyPage, searchPage, type HistoryPage } from './version-pages.js';
import { fromRow, toVersion, VERSION_COLUMNS as COLUMNS, type VersionRow } from './version-row.js';

/** Of a clinical resource: its key in the index, and by which definitions resources are indexed now. */
const INDEX_COLUMNS = ', search_key, (SELECT definitions FROM search_progress) AS indexed_by';

type WrittenRow = VersionRow & {
  readonly search_key?: string;
  readonly indexed_by?: string | null;
};

/** Where versions are read: one at a time, and pages of many. */
export abstract class StorePlace {
  abstract readonly manager: EntityManager;
  abstract readonly reads: WideReads;
}

/**
 * Versions of one resource type in PostgreSQL: the current one in a table that reads touch alone,
 * earlier ones and tombstones in a history table. JSON travels as text in both directions, so that
 * decimals keep their precision and reads are not parsed.
 */
export class PostgresResourceStore implements ResourceStore {
  constructor(
    private readonly place: StorePlace,
    private readonly settings: StorageSettings,
    private readonly codec: SecretsCodec,
    private readonly table: ResourceTable,
    /** By what current versions are found; system types have none. */
    private readonly index?: SearchIndex,
  ) {}

  within({ manager }: Transaction): ResourceStore {
    const place = { manager, reads: readsWithin(manager) };
    return new PostgresResourceStore(place, this.settings, this.codec, this.table, this.index);
  }

  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: { id: string }[] = await this.place.manager.query(
      `SELECT id FROM ${this.table.current} WHERE resource_type = $1 AND id = ANY($2)
       UNION
       SELECT id FROM ${this.table.history} WHERE resource_type = $1 AND id = ANY($2)`,
      [this.table.type, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async current(id: string): Promise<StoredVersion | undefined> {
    const { type, current, history } = this.table;
    const live: VersionRow[] = await this.place.manager.query(
      `SELECT ${COLUMNS} FROM ${current} WHERE resource_type = $1 AND id = $2`,
      [type, id],
    );
    if (live[0]) return fromRow(live[0]);
    const dead: VersionRow[] = await this.place.manager.query(
      `SELECT ${COLUMNS} FROM ${history} WHERE resource_type = $1 AND id = $2
       ORDER BY version_id DESC LIMIT 1`,
      [type, id],
    );
    return toVersion(dead[0]);
  }

  async version(id: string, versionId: number): Promise<StoredVersion | undefined> {
    const rows: VersionRow[] = await this.place.manager.query(
      `SELECT ${COLUMNS} FROM ${this.table.current}
        WHERE resource_type = $1 AND id = $2 AND version_id = $3
       UNION ALL
       SELECT ${COLUMNS} FROM ${this.table.history}
        WHERE resource_type = $1 AND id = $2 AND version_id = $3`,
      [this.table.type, id, versionId],
    );
    return toVersion(rows[0]);
  }

  history(query: HistoryQuery): Promise<HistoryPage> {
    return historyPage(this.place.reads, this.table, query);
  }

  search(query: SearchQuery): Promise<SearchPage> {
    return searchPage(this.place.reads, this.table, query);
  }

  async lock(transaction: Transaction, id: string): Promise<StoredVersion | undefined> {
    const { type, current, history } = this.table;
    await lockKeys(transaction, [`${type}/${id}`]);
    // One question, as most resources that are written are new and would take two.
    const rows: VersionRow[] = await transaction.manager.query(
      `WITH live AS (SELECT ${COLUMNS} FROM ${current} WHERE resource_type = $1 AND id = $2)
       SELECT * FROM live
       UNION ALL
       (SELECT ${COLUMNS} FROM ${history}
         WHERE resource_type = $1 AND id = $2 AND NOT EXISTS (SELECT FROM live)
         ORDER BY version_id DESC LIMIT 1)`,
      [type, id],
    );
    return toVersion(rows[0]);
  }

  async secrets(ids: readonly string[], transaction?: Transaction): Promise<SecretsById> {
    if (!this.table.isConfiguration || ids.length === 0) return new Map();
    const manager = transaction?.manager ?? this.place.manager;
    const rows: { id: string; version_id: string; secrets: unknown }[] = await manager.query(
      `SELECT id, version_id, secrets FROM ${this.table.current} WHERE resource_type = $1 AND id = ANY($2)`,
      [this.table.type, ids],
    );
    return new Map(
      rows.map(({ id, version_id, secrets }) => {
        const owner = { type: this.table.type, id, versionId: Number(version_id) };
        return [id, this.codec.decode(owner, secrets)];
      }),
    );
  }

  async write(
    transaction: Transaction,
    previous: StoredVersion | undefined,
    next: NextVersion,
  ): Promise<StoredVersion> {
    const { manager } = transaction;
    const versionId = (previous?.versionId ?? 0) + 1;
    const owner = { type: this.table.type, id: next.id, versionId };
    if (isLive(previous)) await this.archive(manager, next.id);
    const rows: WrittenRow[] = await manager.query(this.upsert(), [
      this.table.type,
      next.id,
      versionId,
      previous?.createdAt ?? null,
      next.method,
      next.text,
      this.settings.createdAtUrl,
      ...(this.table.isConfiguration
        ? [JSON.stringify(this.codec.encode(owner, next.secrets ?? {}))]
        : []),
    ]);
    this.note(transaction, next.id);
    const [row] = rows;
    if (!row) throw new Error(`${this.table.type}/${next.id} was not written`);
    await this.reindex(manager, row, isLive(previous));
    return fromRow(row);
  }

  async remove(transaction: Transaction, previous: StoredVersion): Promise<StoredVersion> {
    const { manager } = transaction;
    await this.archive(manager, previous.id);
    await this.removeCurrent(manager, previous.id);
    const rows: VersionRow[] = await manager.query(
      `INSERT INTO ${this.table.history}
         (resource_type, id, version_id, created_at, last_updated, method)
       VALUES ($1, $2, $3, $4, date_trunc('milliseconds', clock_timestamp()), 'DELETE')
       RETURNING ${COLUMNS}`,
      [this.table.type, previous.id, previous.versionId + 1, previous.createdAt],
    );
    this.note(transaction, previous.id);
    const [row] = rows;
    if (!row) throw new Error(`${this.table.type}/${previous.id} was not deleted`);
    return fromRow(row);
  }

  private async removeCurrent(manager: EntityManager, id: string): Promise<void> {
    const { type, current } = this.table;
    const where = 'resource_type = $1 AND id = $2';
    if (this.index) {
      const rows: { search_key: string }[] = await manager.query(
        `SELECT search_key FROM ${current} WHERE ${where}`,
        [type, id],
      );
      await this.index.remove(
        manager,
        rows.map(({ search_key: key }) => key),
      );
    }
    await manager.query(`DELETE FROM ${current} WHERE ${where}`, [type, id]);
  }

  /** In the transaction of the write: what is found is what was written. */
  private async reindex(
    manager: EntityManager,
    { resource_type: type, search_key: key, indexed_by: indexedBy, text }: WrittenRow,
    wasIndexed: boolean,
  ): Promise<void> {
    if (!this.index || key === undefined || text === null) return;
    this.index.assertCurrent(indexedBy ?? null);
    if (wasIndexed) await this.index.remove(manager, [key]);
    await this.index.add(manager, [{ key, type, text }]);
  }

  private async archive(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `INSERT INTO ${this.table.history}
         (resource_type, id, version_id, created_at, last_updated, method, resource)
       SELECT resource_type, id, version_id, created_at, last_updated, method, resource
         FROM ${this.table.current} WHERE resource_type = $1 AND id = $2`,
      [this.table.type, id],
    );
  }

  private upsert(): string {
    const secrets = this.table.isConfiguration;
    const key = secrets ? 'id' : 'resource_type, id';
    return `
      WITH stamp AS (
        SELECT date_trunc('milliseconds', clock_timestamp()) AS now
      ), meta AS (
        SELECT now, coalesce($4::timestamptz, now) AS created, ${META} AS value FROM stamp
      )
      INSERT INTO ${this.table.current} AS t
        (resource_type, id, version_id, created_at, last_updated, method, resource
         ${secrets ? ', secrets' : ''})
      SELECT $1, $2, $3::bigint, created, now, $5,
             $6::jsonb || jsonb_build_object('id', $2::text, 'meta', value)
             ${secrets ? ', $8::jsonb' : ''}
        FROM meta
      ON CONFLICT (${key}) DO UPDATE SET
        version_id = excluded.version_id, created_at = excluded.created_at,
        last_updated = excluded.last_updated, method = excluded.method,
        resource = excluded.resource ${secrets ? ', secrets = excluded.secrets' : ''}
      RETURNING ${COLUMNS} ${secrets ? '' : INDEX_COLUMNS}`;
  }

  private note({ changes }: Transaction, id: string): void {
    const { type, isConfiguration } = this.table;
    if (isConfiguration || isAnnounced(type)) changes.push({ type, id });
  }
}

const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The client's `meta` with the server's elements put over it; one creation time, never two. */
const META = `
  (CASE WHEN jsonb_typeof($6::jsonb -> 'meta') = 'object' THEN $6::jsonb -> 'meta' ELSE '{}' END
    || jsonb_build_object(
      'versionId', ($3::bigint)::text,
      'lastUpdated', ${instant('now')},
      'extension',
        (SELECT coalesce(jsonb_agg(e), '[]')
           FROM jsonb_array_elements(
             CASE WHEN jsonb_typeof($6::jsonb #> '{meta,extension}') = 'array'
                  THEN $6::jsonb #> '{meta,extension}' ELSE '[]' END) AS e
          WHERE e ->> 'url' IS DISTINCT FROM $7)
        || jsonb_build_array(jsonb_build_object(
             'url', $7::text,
             'valueInstant', ${instant('coalesce($4::timestamptz, now)')}))))`;
