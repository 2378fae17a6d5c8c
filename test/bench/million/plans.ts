import type { DataSource } from 'typeorm';
import type { IndexedSearch } from '../../../src/interactions/search/query/parse-indexed-search.js';
import { composeSearch } from '../../../src/interactions/search/query/compose-search.js';
import {
  EVERY_ROW,
  SearchStatement,
} from '../../../src/interactions/search/query/search-statement.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** How a search gets at rows: the indexes that it uses, and the tables that it reads from end to end. */
export interface Access {
  readonly indexes: readonly string[];
  readonly tables: readonly string[];
}

/** Asks the database how it would carry a search out. */
export async function accessOf(dataSource: DataSource, search: IndexedSearch): Promise<Access> {
  const rows = await explained<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
    dataSource,
    'FORMAT JSON',
    search,
  );
  const all = nodes(rows[0]?.['QUERY PLAN'][0]?.Plan);
  return {
    indexes: distinct(all.map((node) => node['Index Name'])),
    tables: distinct(
      all
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name'])
        // Of one row.
        .filter((table) => table !== 'search_progress'),
    ),
  };
}

/** The plan as PostgreSQL prints it, carried out. */
export async function planText(dataSource: DataSource, search: IndexedSearch): Promise<string> {
  const rows = await explained<{ 'QUERY PLAN': string }>(dataSource, 'ANALYZE, BUFFERS', search);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

function explained<Row>(
  dataSource: DataSource,
  options: string,
  search: IndexedSearch,
): Promise<readonly Row[]> {
  const statement = new SearchStatement(EVERY_ROW);
  const text = composeSearch(search, statement);
  return dataSource.query(`EXPLAIN (${options}) ${text}`, statement.values);
}

function nodes(plan: Plan | undefined): readonly Plan[] {
  return plan ? [plan, ...(plan.Plans ?? []).flatMap(nodes)] : [];
}

function distinct(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
