import { BadRequest } from '../../errors/fhir-error.js';

/** Most that the resources of one answer take together, in bytes. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * The column `text` of a selection from {@link SIZED_COLUMNS}, absent from all rows when together they are too
 * large to hold, which `is_too_large` says.
 */
export const HELD_COLUMNS = `
  CASE WHEN packed_bytes <= ${MAX_ANSWER_BYTES} AND sum(octet_length(text)) OVER () <= ${MAX_ANSWER_BYTES}
       THEN text END AS text,
  packed_bytes > ${MAX_ANSWER_BYTES}
    OR coalesce(sum(octet_length(text)) OVER () > ${MAX_ANSWER_BYTES}, false) AS is_too_large`;

/**
 * Of a row with `resource`: its text, and what all take as they are stored. That is known at once and is less:
 * what is too large by it is not even unpacked.
 */
export const SIZED_COLUMNS = `
  coalesce(sum(pg_column_size(resource)) OVER (), 0) AS packed_bytes,
  CASE WHEN sum(pg_column_size(resource)) OVER () <= ${MAX_ANSWER_BYTES} THEN resource::text END AS text`;

/** @throws BadRequest 400 when the resources of an answer were too large together */
export function assertHeld(rows: readonly { readonly is_too_large: boolean | null }[]): void {
  if (rows.some(({ is_too_large: isTooLarge }) => isTooLarge === true)) {
    throw new BadRequest('The answer would be too large; lower _count', 'too-costly', '_count');
  }
}
