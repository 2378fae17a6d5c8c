import type { WideReads } from '../load/wide-reads.js';
import { Bindings, type SearchPage, type SearchQuery } from '../search/search-query.js';
import { heldVersions } from './held-versions.js';
import type { HistoryQuery } from './resource-store.js';
import type { ResourceTable } from './resource-table.js';
import { isLive, type StoredVersion } from './stored-version.js';
import { fromRow, VERSION_FACTS } from './version-row.js';

const COLUMNS = `${VERSION_FACTS}, resource`;
const NEWEST_FIRST = 'last_updated DESC, id, version_id DESC';

/** Versions, newest first, and the number of all. */
export interface HistoryPage {
  readonly versions: readonly StoredVersion[];
  readonly total: number;
}

/**
 * A page of the versions of one type, or of one resource of it.
 *
 * @throws BadRequest 400 when the versions are too large together
 */
export function historyPage(
  reads: WideReads,
  { type, current, history }: ResourceTable,
  { id, count, offset }: HistoryQuery,
): Promise<HistoryPage> {
  const bindings = new Bindings();
  const ofType = `resource_type = ${bindings.bind(type)}`;
  const where = id === undefined ? ofType : `${ofType} AND id = ${bindings.bind(id)}`;
  const counting = bindings.values.slice();
  const page = `LIMIT ${bindings.bind(count)} OFFSET ${bindings.bind(offset)}`;
  return reads.run(async (manager) => {
    const counted: { total: string }[] = await manager.query(
      `SELECT (SELECT count(*) FROM ${current} WHERE ${where})
            + (SELECT count(*) FROM ${history} WHERE ${where}) AS total`,
      counting,
    );
    const rows = await heldVersions(manager, {
      text: `SELECT ${COLUMNS} FROM ${current} WHERE ${where}
             UNION ALL
             SELECT ${COLUMNS} FROM ${history} WHERE ${where}
             ORDER BY ${NEWEST_FIRST} ${page}`,
      values: bindings.values,
      order: NEWEST_FIRST,
      history,
    });
    return { versions: rows.map(fromRow), total: Number(counted[0]?.total ?? 0) };
  });
}

/**
 * A page of the current versions of one type.
 *
 * @throws BadRequest 400 when the resources are too large together
 */
export function searchPage(
  reads: WideReads,
  { type, current }: ResourceTable,
  query: SearchQuery,
): Promise<SearchPage> {
  const bindings = new Bindings();
  const conditions = [
    `resource_type = ${bindings.bind(type)}`,
    ...query.conditions.map((condition) => `(${condition(bindings)})`),
  ].join(' AND ');
  const counting = bindings.values.slice();
  const after = query.after === undefined ? '' : `AND id > ${bindings.bind(query.after)}`;
  const limit = `LIMIT ${bindings.bind(query.count + 1)}`;
  return reads.run(async (manager) => {
    const counted: { total: string }[] = await manager.query(
      `SELECT count(*) AS total FROM ${current} WHERE ${conditions}`,
      counting,
    );
    const total = Number(counted[0]?.total ?? 0);
    if (query.count === 0) return { total, matches: [], included: [], next: undefined };

    const rows = await heldVersions(manager, {
      text: `SELECT ${COLUMNS} FROM ${current} WHERE ${conditions} ${after} ORDER BY id ${limit}`,
      values: bindings.values,
      order: 'id',
    });
    const matches = rows.slice(0, query.count).map(fromRow).filter(isLive);
    const hasMore = rows.length > query.count;
    return { total, matches, included: [], next: hasMore ? matches.at(-1)?.id : undefined };
  });
}
