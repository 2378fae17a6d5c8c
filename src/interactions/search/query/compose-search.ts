import { HELD_COLUMNS, SIZED_COLUMNS } from '../../load/answer-size.js';
import { VERSION_FACTS as COLUMNS } from '../../storage/version-row.js';
import { includedRows, type Include } from './includes.js';
import { afterCursor } from './page-cursor.js';
import type { IndexedSearch } from './parse-indexed-search.js';
import type { SearchStatement } from './search-statement.js';

/** Most resources that includes add to a page. */
export const MAX_INCLUDED = 5000;

/**
 * The whole search as one statement: its page of matches and one match more, what is included, the total. Every
 * row has `total`, and `is_ready` unless it could miss something; `is_match` tells matches, which come first and in order, from what is included.
 */
export function composeSearch(search: IndexedSearch, statement: SearchStatement): string {
  const total = search.isCounted ? counted(search, statement) : 'NULL::bigint';
  const facts = `${total} AS total, ${isIndexed(search, statement)} AS is_ready`;
  if (search.count === 0) return `SELECT ${facts}, NULL::text AS resource_type`;
  const parts = [`page AS (${page(search, statement)})`];
  const answered = ['SELECT search_key, true AS is_match, position, keys FROM page'];
  if (search.includes.length > 0) {
    parts.push(`reached AS (${reached(search, search.includes, statement)})`);
    answered.push(
      `(SELECT DISTINCT search_key, false, NULL::bigint, NULL::text[] FROM reached
         WHERE search_key NOT IN (SELECT search_key FROM page) LIMIT ${MAX_INCLUDED + 1})`,
    );
  }
  return `
    WITH RECURSIVE ${parts.join(', ')}
    SELECT facts.total, facts.is_ready, found.*
      FROM (SELECT ${facts}) AS facts
      LEFT JOIN (
        SELECT ${COLUMNS}, ${HELD_COLUMNS}, is_match, position, keys
          FROM (SELECT ${COLUMNS}, ${SIZED_COLUMNS}, is_match, position, keys
                  FROM (${answered.join(' UNION ALL ')}) AS answered
                  JOIN clinical_resource USING (search_key)) AS sized) AS found ON true
     ORDER BY found.position, found.resource_type, found.id`;
}

/** Looked at together with what is searched: other instances may have begun to index it otherwise. */
function isIndexed({ indexedBy }: IndexedSearch, statement: SearchStatement): string {
  return `(SELECT is_complete AND starts_with(definitions, ${statement.bind(indexedBy)}) FROM search_progress)`;
}

/** The condition that a row is a match. */
function matches(
  row: string,
  { types, conditions }: IndexedSearch,
  statement: SearchStatement,
): string {
  return [
    statement.visible(row, types),
    ...conditions.map((condition) => `(${condition(row, statement)})`),
  ].join(' AND ');
}

function counted(search: IndexedSearch, statement: SearchStatement): string {
  const row = statement.alias();
  return `(SELECT count(*) FROM clinical_resource ${row} WHERE ${matches(row, search, statement)})`;
}

/**
 * A page begins after a value, not after a number of rows, so that writes meanwhile do not shift it. Its rows are
 * numbered when there are no others any more: to number all matches, PostgreSQL would put all of them in order.
 */
function page(search: IndexedSearch, statement: SearchStatement): string {
  const { sort, after, count } = search;
  const row = statement.alias();
  const keys = sort.map(({ value }, at) => `${value(row, statement)} AS key_${at + 1}`);
  const columns = [`${row}.search_key`, `${row}.resource_type`, `${row}.id`, ...keys];
  const order = [
    ...sort.map(
      ({ isDescending }, at) => `key_${at + 1} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST`,
    ),
    'resource_type',
    'id',
  ].join(', ');
  const texts = sort.map((_, at) => `key_${at + 1}::text`);
  const found = `SELECT ${columns.join(', ')} FROM clinical_resource ${row} WHERE ${matches(row, search, statement)}`;
  const behind = after ? `WHERE ${afterCursor(after, sort, statement)}` : '';
  return `
    SELECT search_key, resource_type, id, ARRAY[${texts.join(', ')}]::text[] AS keys,
           row_number() OVER (ORDER BY ${order}) AS position
      FROM (SELECT * FROM (${found}) AS found ${behind}
             ORDER BY ${order} LIMIT ${statement.bind(count + 1)}) AS first`;
}

/** The match that is one too many, which only tells that there is a next page, includes nothing. */
function reached(
  { count }: IndexedSearch,
  includes: readonly Include[],
  statement: SearchStatement,
): string {
  const steps = includes.map((include) => includedRows(include, 'origin', statement));
  return `
    SELECT search_key, resource_type, id, true AS is_match FROM page WHERE position <= ${statement.bind(count)}
    UNION
    SELECT next.search_key, next.resource_type, next.id, false
      FROM reached AS origin CROSS JOIN LATERAL (${steps.join(' UNION ALL ')}) AS next`;
}
