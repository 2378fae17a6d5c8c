import type { LiveVersion } from '../../interactions/storage/stored-version.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import type { JsonObject } from '../../policy/json.js';
import { identifiersOf } from './user-identifier.js';

/**
 * Replaces the rows by which the database keeps (system, value) unique over all Users. Rows of a
 * deleted User go with it.
 */
export async function writeIdentifierRows(
  { id, text }: LiveVersion,
  { manager }: Transaction,
): Promise<void> {
  const identifiers = identifiersOf(JSON.parse(text) as JsonObject);
  await manager.query('DELETE FROM user_identifier WHERE user_id = $1', [id]);
  if (identifiers.length === 0) return;
  await manager.query(
    `INSERT INTO user_identifier (system, value, user_id)
     SELECT DISTINCT system, value, $1 FROM unnest($2::text[], $3::text[]) AS i (system, value)`,
    [id, identifiers.map(({ system }) => system), identifiers.map(({ value }) => value)],
  );
}
