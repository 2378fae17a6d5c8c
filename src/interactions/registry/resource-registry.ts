import type { DataSource } from 'typeorm';
import type { Change, ChangeListener } from '../changes/change-feed.js';
import type { SecretsCodec } from '../storage/secrets-codec.js';
import type { ResourceTable } from '../storage/resource-table.js';
import type { Secrets } from '../storage/resource-store.js';
import { PersistentMap, type MapChanges } from './persistent-map.js';

/** A current version as a registry reads it. */
export interface RegistryRow {
  readonly id: string;
  readonly versionId: number;
  readonly resource: unknown;
  readonly secrets: Secrets;
}

/** Turns a row into what is held in memory; `undefined` when it cannot be used. */
export type RowParser<T> = (row: RegistryRow) => T | undefined;

/** All that is held of one type at one moment, by id. */
export type RegistryEntries<T> = Pick<PersistentMap<T>, 'get' | 'keys' | 'values' | 'size'>;

/**
 * Told the new content whenever it changed.
 *
 * @param changed what is new in it; absent when all of it may be.
 */
export type OnReplaced<T> = (entries: RegistryEntries<T>, changed?: MapChanges<T>) => void;

/** All resources of one system type, parsed and held in memory, current as the change feed says. */
export class ResourceRegistry<T> implements ChangeListener {
  private entries = PersistentMap.of<T>([]);

  constructor(
    private readonly dataSource: DataSource,
    private readonly table: ResourceTable,
    private readonly codec: SecretsCodec,
    private readonly parse: RowParser<T>,
    private readonly onReplaced: OnReplaced<T> = () => undefined,
  ) {}

  get(id: string): T | undefined {
    return this.entries.get(id);
  }

  all(): RegistryEntries<T> {
    return this.entries;
  }

  async onReset(): Promise<void> {
    this.entries = PersistentMap.of(await this.readRows('', []));
    this.onReplaced(this.entries);
  }

  async onChanges(changes: readonly Change[]): Promise<void> {
    const ids = changes.filter(({ type }) => type === this.table.type).map(({ id }) => id);
    if (ids.length === 0) return;
    const rows = await this.readRows('WHERE id = ANY($1)', [ids]);
    const changed = new Map<string, T | undefined>(ids.map((id) => [id, undefined]));
    for (const [id, value] of rows) changed.set(id, value);
    this.entries = this.entries.with(changed);
    this.onReplaced(this.entries, changed);
  }

  private async readRows(where: string, values: unknown[]): Promise<ReadonlyMap<string, T>> {
    const rows: { id: string; version_id: string; resource: unknown; secrets: unknown }[] =
      await this.dataSource.query(
        `SELECT id, version_id, resource, secrets FROM ${this.table.current} ${where} ORDER BY id`,
        values,
      );
    const parsed = new Map<string, T>();
    for (const { id, version_id, resource, secrets } of rows) {
      const owner = { type: this.table.type, id, versionId: Number(version_id) };
      const value = this.parse({
        id,
        versionId: owner.versionId,
        resource,
        secrets: this.codec.decode(owner, secrets),
      });
      if (value !== undefined) parsed.set(id, value);
    }
    return parsed;
  }
}
