import type { SearchPage, SearchQuery } from '../search/search-query.js';
import type { NextVersion, StoredVersion } from './stored-version.js';
import type { Transaction } from './transaction.js';

/** Which versions a history interaction asks for; newest first. */
export interface HistoryQuery {
  /** Absent: the history of the whole type. */
  readonly id?: string;
  readonly count: number;
  /** Number of newest versions to pass over. */
  readonly offset: number;
}

/** Secret values by JSON Pointer into the resource. */
export type Secrets = Readonly<Record<string, string>>;

/** Secrets of several resources, by id. */
export type SecretsById = ReadonlyMap<string, Secrets>;

/** Versions of one resource type. */
export interface ResourceStore {
  /** The same store as a transaction sees it: reads find what was written in it. */
  within(transaction: Transaction): ResourceStore;
  /** Which of these ids exist or existed. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The current version, or the tombstone if the id was deleted; `undefined` if it never existed. */
  current(id: string): Promise<StoredVersion | undefined>;
  version(id: string, versionId: number): Promise<StoredVersion | undefined>;
  history(query: HistoryQuery): Promise<{ versions: readonly StoredVersion[]; total: number }>;
  search(query: SearchQuery): Promise<SearchPage>;
  /** Makes other writers of this id wait until the transaction ends; answers as {@link current}. */
  lock(transaction: Transaction, id: string): Promise<StoredVersion | undefined>;
  /** Secrets of the current versions; never of earlier ones, which keep none. */
  secrets(ids: readonly string[], transaction?: Transaction): Promise<SecretsById>;
  /** Writes the version after `previous`, which must come from {@link lock} in this transaction. */
  write(
    transaction: Transaction,
    previous: StoredVersion | undefined,
    next: NextVersion,
  ): Promise<StoredVersion>;
  /** Replaces the current version by a tombstone. */
  remove(transaction: Transaction, previous: StoredVersion): Promise<StoredVersion>;
}
