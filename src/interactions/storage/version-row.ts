import type { StoredVersion, WriteMethod } from './stored-version.js';

/** What {@link fromRow} reads of a table of versions besides the text. */
export const VERSION_FACTS = 'resource_type, id, version_id, created_at, last_updated, method';

/** What {@link fromRow} reads of a table of versions. */
export const VERSION_COLUMNS = `${VERSION_FACTS}, resource::text AS text`;

/** A row of a table of versions as {@link VERSION_COLUMNS} selects it. */
export interface VersionRow {
  readonly resource_type: string;
  readonly id: string;
  readonly version_id: string;
  readonly created_at: Date;
  readonly last_updated: Date;
  readonly method: WriteMethod;
  readonly text: string | null;
  readonly brings_back?: boolean;
}

/** The version in a row, if there is one. */
export function toVersion(row: VersionRow | undefined): StoredVersion | undefined {
  return row && fromRow(row);
}

/** The version in a row. */
export function fromRow(row: VersionRow): StoredVersion {
  return {
    type: row.resource_type,
    id: row.id,
    versionId: Number(row.version_id),
    createdAt: row.created_at,
    lastUpdated: row.last_updated,
    method: row.method,
    text: row.text ?? undefined,
    ...(row.brings_back === true ? { bringsBack: true } : {}),
  };
}
