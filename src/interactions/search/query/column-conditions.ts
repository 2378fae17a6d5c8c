import { ID_PARAMETER, LAST_UPDATED_PARAMETER } from '../parameters.js';
import type { SearchParameter } from '../parse-search.js';
import type { RowCondition } from './search-statement.js';

const PARAMETERS: ReadonlyMap<string, SearchParameter> = new Map([
  ['_id', ID_PARAMETER],
  ['_lastUpdated', LAST_UPDATED_PARAMETER],
]);

/** The parameters that are answered from the row itself, for every type. */
export const COLUMN_PARAMETERS: readonly string[] = [...PARAMETERS.keys()];

/** @returns `undefined` when the parameter is answered from the index */
export function columnCondition(name: string, values: readonly string[]): RowCondition | undefined {
  const condition = PARAMETERS.get(name)?.condition(values);
  return condition && ((row, statement) => condition(statement, row));
}
