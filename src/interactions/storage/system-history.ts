import { assertHeld, HELD_COLUMNS, SIZED_COLUMNS } from '../load/answer-size.js';
import type { WideReads } from '../load/wide-reads.js';
import { Bindings } from '../search/search-query.js';
import { bringsBack } from './held-versions.js';
import type { StoredVersion } from './stored-version.js';
import { fromRow, VERSION_FACTS as COLUMNS, type VersionRow } from './version-row.js';

/** Which version a page ended with. */
export interface HistoryCursor {
  /** Microseconds since 1970, as digits: more than dates here keep. */
  readonly moment: string;
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
}

/** Which versions are asked for; newest first. */
export interface SystemHistoryQuery {
  readonly types: readonly string[];
  readonly count: number;
  /** Only versions that came to be then or later. */
  readonly since: Date | undefined;
  readonly after: HistoryCursor | undefined;
}

/** A page of versions of clinical resources. */
export interface SystemHistoryPage {
  readonly versions: readonly StoredVersion[];
  /** `undefined` on the last page. */
  readonly next: HistoryCursor | undefined;
}

type Row = VersionRow & { readonly moment: string; readonly is_too_large: boolean };

const TABLES = ['clinical_resource', 'clinical_resource_history'] as const;
const ORDER = 'last_updated DESC, resource_type, id, version_id DESC';

/**
 * A page of the history of all clinical types. It begins after a version, not after a number of them, so that
 * what is written meanwhile, which comes before, does not shift it.
 *
 * @throws BadRequest 400 when the versions are too large together
 */
export async function systemHistoryPage(
  reads: WideReads,
  query: SystemHistoryQuery,
): Promise<SystemHistoryPage> {
  const bindings = new Bindings();
  const text = statement(query, bindings);
  const rows = await reads.run((manager) => manager.query<Row[]>(text, bindings.values));
  assertHeld(rows);
  const page = rows.slice(0, query.count);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return { versions: page.map(fromRow), next: last && cursorAt(last) };
}

/** Type by type, as their indexes have the newest first. */
function statement({ types, count, since, after }: SystemHistoryQuery, bindings: Bindings): string {
  const limit = `LIMIT ${bindings.bind(count + 1)}`;
  const conditions = [
    'resource_type = of_type',
    ...(since ? [`last_updated >= ${bindings.bind(since)}`] : []),
    ...(after ? [comesAfter(after, bindings)] : []),
  ].join(' AND ');
  const newest = TABLES.map(
    (table) =>
      `(SELECT ${COLUMNS}, resource FROM ${table} WHERE ${conditions} ORDER BY ${ORDER} ${limit})`,
  ).join(' UNION ALL ');
  return `
    SELECT ${COLUMNS}, moment, ${HELD_COLUMNS}, ${bringsBack(TABLES[1], 'sized')}
      FROM (
        SELECT ${COLUMNS}, ${SIZED_COLUMNS},
               (extract(epoch FROM last_updated) * 1000000)::bigint AS moment
          FROM (
            SELECT newest.*
              FROM unnest(${bindings.bind(types)}::text[]) AS of_type CROSS JOIN LATERAL (${newest}) AS newest
             ORDER BY ${ORDER} ${limit}) AS page) AS sized
     ORDER BY ${ORDER}`;
}

function comesAfter({ moment, type, id, versionId }: HistoryCursor, bindings: Bindings): string {
  const at = `(timestamptz 'epoch' + ${bindings.bind(moment)}::bigint * interval '1 microsecond')`;
  const own = `(${bindings.bind(type)}, ${bindings.bind(id)}, ${bindings.bind(-versionId)}::bigint)`;
  return `last_updated <= ${at}
    AND (last_updated < ${at} OR (resource_type, id, -version_id) > ${own})`;
}

function cursorAt({ moment, resource_type: type, id, version_id: versionId }: Row): HistoryCursor {
  return { moment, type, id, versionId: Number(versionId) };
}
