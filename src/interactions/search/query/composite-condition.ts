import { BadRequest } from '../../../errors/fhir-error.js';
import type { CompositeParameter } from '../definitions/search-definitions.js';
import { splitUnescaped } from '../search-values.js';
import type { RowCondition } from './search-statement.js';
import { valueLookup } from './value-lookup.js';

/** Resources with one of the combinations, `value$value` (FHIR R4, Search §3.1.1.4.16). */
export function compositeCondition(
  parameter: CompositeParameter,
  values: readonly string[],
  baseUrl: string,
): RowCondition {
  const combinations = values.map((value) => combination(parameter, value, baseUrl));
  return (row, statement) =>
    combinations.map((condition) => `(${condition(row, statement)})`).join(' OR ');
}

function combination(
  { name, components }: CompositeParameter,
  value: string,
  baseUrl: string,
): RowCondition {
  const parts = splitUnescaped(value, '$');
  if (parts.length !== components.length || parts.includes('')) {
    throw new BadRequest(
      `${name} takes ${components.length} values, with $ between them`,
      'value',
      name,
    );
  }
  const lookups = components.map(({ parameter, isLinked }, at) => ({
    ...valueLookup(parameter, undefined, [parts[at] ?? ''], baseUrl),
    isLinked,
  }));
  return (resource, statement) => {
    const rows = lookups.map((lookup) => ({ ...lookup, row: statement.alias() }));
    const linked = rows.filter(({ isLinked }) => isLinked).map(({ row }) => row);
    const tests = rows.map(({ row, test }) => `(${test(row, statement)})`);
    const sameKey = rows
      .slice(1)
      .map(({ row }) => `${row}.search_key = ${rows[0]?.row}.search_key`);
    // Values of one repetition belong together: the code of a component and its own value.
    const sameItem = linked.slice(1).map((row) => `${row}.item = ${linked[0]}.item`);
    return `${resource}.search_key IN (
      SELECT ${rows[0]?.row}.search_key FROM ${rows.map(({ table, row }) => `${table} ${row}`).join(', ')}
       WHERE ${[...sameKey, ...sameItem, ...tests].join(' AND ')})`;
  };
}
