import type { DataSource } from 'typeorm';
import { insertion } from '../../../src/interactions/search/index/index-statements.js';
import type { SearchIndex } from '../../../src/interactions/search/index/search-index.js';
import type { Population, StoredRecord } from './population.js';

const BATCH = 500;
/** Batches under way at once: while the database works on one, the next is taken apart. */
const AHEAD = 2;

/**
 * Stores copies of a population with the rows of the index that the server would write, many in a statement.
 * Indexes of the search tables are taken away meanwhile and built at the end, as for any load of this size.
 */
export async function bulkLoad(
  dataSource: DataSource,
  index: SearchIndex,
  population: Population,
  copies: number,
): Promise<void> {
  const definitions = await takeIndexes(dataSource);
  const underWay = new Set<Promise<void>>();
  for (let copy = 0; copy < copies; copy += 1) {
    const records = population.copy(copy);
    for (let at = 0; at < records.length; at += BATCH) {
      if (underWay.size >= AHEAD) await Promise.race(underWay);
      const batch = store(dataSource, index, records.slice(at, at + BATCH));
      const done: Promise<void> = batch.finally(() => underWay.delete(done));
      underWay.add(done);
    }
    if (copy % 10 === 9) console.error(`${(copy + 1) * population.size} resources`);
  }
  await Promise.all(underWay);
  for (const definition of definitions) {
    console.error(definition);
    await unbounded(dataSource, definition);
  }
  await unbounded(dataSource, 'VACUUM ANALYZE');
  // The server must find nothing left to index.
  await dataSource.query(
    `INSERT INTO search_progress (id, definitions, indexed_to, is_complete)
     SELECT 1, $1, max(search_key), true FROM clinical_resource`,
    [index.version],
  );
}

async function store(
  dataSource: DataSource,
  index: SearchIndex,
  records: readonly StoredRecord[],
): Promise<void> {
  const byId = new Map(records.map((record) => [`${record.type}/${record.id}`, record]));
  await dataSource.transaction(async (manager) => {
    await manager.query('SET LOCAL synchronous_commit = off');
    const stored: { key: string; reference: string }[] = await manager.query(
      `INSERT INTO clinical_resource
         (resource_type, id, version_id, created_at, last_updated, method, resource)
       SELECT type, id, 1, at, at, 'PUT', resource
         FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[])
           AS r (type, id, at, resource)
       RETURNING search_key AS key, resource_type || '/' || id AS reference`,
      [
        records.map(({ type }) => type),
        records.map(({ id }) => id),
        records.map(({ lastUpdated }) => lastUpdated),
        records.map(({ text }) => text),
      ],
    );
    const keyed = stored.flatMap(({ key, reference }) => {
      const record = byId.get(reference);
      return record ? [{ key, rows: index.rowsOf(record.type, record.text) }] : [];
    });
    const statement = insertion(keyed);
    if (statement) await manager.query(statement.text, [...statement.values]);
  });
}

/** @returns the statements that make them again */
async function takeIndexes(dataSource: DataSource): Promise<readonly string[]> {
  const indexes: { name: string; definition: string }[] = await dataSource.query(
    `SELECT i.indexname AS name, i.indexdef AS definition FROM pg_indexes i
      WHERE i.schemaname = 'public' AND i.tablename LIKE 'search\\_%'
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)
      ORDER BY i.indexname`,
  );
  for (const { name } of indexes) await dataSource.query(`DROP INDEX ${name}`);
  return indexes.map(({ definition }) => definition);
}

async function unbounded(dataSource: DataSource, statement: string): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query(`SET maintenance_work_mem = '1GB'`);
    await runner.query(statement);
  } finally {
    await runner.query('RESET ALL');
    await runner.release();
  }
}
