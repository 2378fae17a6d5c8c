import type { EntityManager } from 'typeorm';
import { assertHeld, HELD_COLUMNS, SIZED_COLUMNS } from '../load/answer-size.js';
import { VERSION_FACTS as FACTS, type VersionRow } from './version-row.js';

/** A selection of rows of tables of versions, their `resource` included. */
export interface VersionSelection {
  readonly text: string;
  /** What its placeholders stand for. */
  readonly values: unknown[];
  /** By which its rows are ordered, over what {@link VersionRow} has. */
  readonly order: string;
  /** Table of earlier versions, where it is asked which versions brought a resource back. */
  readonly history?: string;
}

/**
 * The column `brings_back` of rows of versions: whether the version before was a deletion, which only a PUT can follow.
 *
 * @param row alias of the row
 */
export function bringsBack(history: string, row: string): string {
  return `
    ${row}.method = 'PUT' AND EXISTS (
      SELECT FROM ${history} AS before
       WHERE before.resource_type = ${row}.resource_type AND before.id = ${row}.id
         AND before.version_id = ${row}.version_id - 1 AND before.method = 'DELETE') AS brings_back`;
}

/**
 * The rows of a selection, of which none is unpacked where all are too large together.
 *
 * @throws BadRequest 400 `too-costly` when they are
 */
export async function heldVersions(
  manager: EntityManager,
  { text, values, order, history }: VersionSelection,
): Promise<readonly VersionRow[]> {
  const rows: (VersionRow & { readonly is_too_large: boolean })[] = await manager.query(
    `SELECT ${FACTS}, ${HELD_COLUMNS} ${history === undefined ? '' : `, ${bringsBack(history, 'sized')}`}
       FROM (SELECT ${FACTS}, ${SIZED_COLUMNS} FROM (${text}) AS selected) AS sized
      ORDER BY ${order}`,
    values,
  );
  assertHeld(rows);
  return rows;
}
