import { Injectable } from '@nestjs/common';
import { ConfigurationPool } from '../../database/pools.js';
import { ChangeFeed } from '../changes/change-feed.js';
import {
  ResourceRegistry,
  type OnReplaced,
  type RowParser,
} from '../registry/resource-registry.js';
import type { SearchIndex } from '../search/index/search-index.js';
import { PostgresResourceStore, StorePlace } from './postgres-resource-store.js';
import type { ResourceStore } from './resource-store.js';
import type { ResourceTable } from './resource-table.js';
import { SecretsCodec } from './secrets-codec.js';
import { StorageSettings } from './storage-settings.js';

/** Opens the storage of resource types. */
@Injectable()
export class ResourceStores {
  constructor(
    private readonly place: StorePlace,
    private readonly configuration: ConfigurationPool,
    private readonly feed: ChangeFeed,
    private readonly settings: StorageSettings,
    private readonly codec: SecretsCodec,
  ) {}

  /** @param index keeps by what current versions are found; without one only their ids find them */
  open(table: ResourceTable, index?: SearchIndex): ResourceStore {
    return new PostgresResourceStore(this.place, this.settings, this.codec, table, index);
  }

  /** All resources of a system type, parsed and held in memory; filled when the change feed starts. */
  registry<T>(
    table: ResourceTable,
    parse: RowParser<T>,
    onReplaced?: OnReplaced<T>,
  ): ResourceRegistry<T> {
    const { dataSource } = this.configuration;
    const registry = new ResourceRegistry(dataSource, table, this.codec, parse, onReplaced);
    this.feed.subscribe(registry);
    return registry;
  }
}
