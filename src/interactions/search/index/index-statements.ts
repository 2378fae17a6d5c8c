import type { IndexTable } from '../definitions/search-element.js';
import type { IndexRows } from './index-rows.js';

/** One resource's share of the index. */
export interface KeyedRows {
  readonly key: string;
  readonly rows: IndexRows;
}

/** A statement and what is bound to it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Columns of each index table after `slot` and `item`: name, property of the row, type. */
const COLUMNS: {
  readonly [T in IndexTable]: readonly (readonly [
    column: string,
    property: Exclude<keyof IndexRows[T][number], 'slot' | 'item'>,
    type: string,
  ])[];
} = {
  search_date: [
    ['low', 'low', 'timestamptz'],
    ['high', 'high', 'timestamptz'],
  ],
  search_quantity: [
    ['low', 'low', 'numeric'],
    ['high', 'high', 'numeric'],
    ['system', 'system', 'text'],
    ['code', 'code', 'text'],
    ['unit', 'unit', 'text'],
  ],
  search_reference: [
    ['target_type', 'targetType', 'text'],
    ['target_id', 'targetId', 'text'],
    ['url', 'url', 'text'],
  ],
  search_string: [
    ['value', 'value', 'text'],
    ['exact', 'exact', 'text'],
  ],
  search_token: [
    ['system', 'system', 'text'],
    ['code', 'code', 'text'],
  ],
  search_uri: [['value', 'value', 'text']],
};

/** The index tables. */
export const INDEX_TABLES = Object.keys(COLUMNS) as readonly IndexTable[];

/** Adds rows to all tables at once; `undefined` when there are none. */
export function insertion(resources: readonly KeyedRows[]): Statement | undefined {
  const values: unknown[] = [];
  const inserts = INDEX_TABLES.flatMap((table) => {
    const arrays = columnArrays(table, resources);
    if (arrays.length === 0) return [];
    const columns = ['search_key', 'slot', 'item', ...COLUMNS[table].map(([column]) => column)];
    const types = ['bigint', 'int', 'int', ...COLUMNS[table].map(([, , type]) => type)];
    const bound = types.map((type, at) => `$${values.push(arrays[at])}::${type}[]`);
    return [
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${bound.join(', ')})`,
    ];
  });
  const last = inserts.pop();
  if (last === undefined) return undefined;
  const earlier = inserts.map((insert, at) => `part_${at} AS (${insert})`);
  return { text: earlier.length === 0 ? last : `WITH ${earlier.join(', ')} ${last}`, values };
}

/** Removes everything of the resources whose keys are bound to it. */
export function removal(): string {
  const [last, ...earlier] = INDEX_TABLES.map(
    (table) => `DELETE FROM ${table} WHERE search_key = ANY($1)`,
  );
  return `WITH ${earlier.map((text, at) => `part_${at} AS (${text})`).join(', ')} ${last}`;
}

/** The rows of a table, column by column; empty when there are none. */
function columnArrays(
  table: IndexTable,
  resources: readonly KeyedRows[],
): readonly (readonly unknown[])[] {
  const keyed = resources.flatMap(({ key, rows }) => rows[table].map((row) => ({ key, row })));
  if (keyed.length === 0) return [];
  return [
    keyed.map(({ key }) => key),
    keyed.map(({ row }) => row.slot),
    keyed.map(({ row }) => row.item),
    ...COLUMNS[table].map(([, property]) =>
      keyed.map(({ row }): unknown => Reflect.get(row, property)),
    ),
  ];
}
