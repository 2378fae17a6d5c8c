import { BadRequest } from '../../../errors/fhir-error.js';
import type { SearchDefinitions, ValueKind } from '../definitions/search-definitions.js';
import { hasSlot } from './index-lookup.js';
import { parameterOf } from './parameter-of.js';
import type { RowCondition } from './search-statement.js';

/** What matches are ordered by, first by the first. What lacks a value comes last. */
export interface SortKey {
  readonly isDescending: boolean;
  /** The value of a row, as SQL. */
  readonly value: RowCondition;
  readonly type: 'numeric' | 'text' | 'timestamptz';
}

type ValueType = Pick<SortKey, 'type'> & { readonly column: string; readonly lastColumn?: string };

const MAX_KEYS = 5;
/** As much of a text as is compared: values that a page ended with stand in the link to the next. */
export const SORTED_CHARACTERS = 100;

/** What of a row of the index is compared. */
const VALUES: Readonly<Record<ValueKind, ValueType>> = {
  date: { type: 'timestamptz', column: 'low', lastColumn: 'high' },
  number: { type: 'numeric', column: 'low', lastColumn: 'high' },
  quantity: { type: 'numeric', column: 'low', lastColumn: 'high' },
  reference: { type: 'text', column: `concat(target_type, '/', target_id, url)` },
  string: { type: 'text', column: 'value' },
  token: { type: 'text', column: 'code' },
  uri: { type: 'text', column: 'value' },
};

const COLUMNS: Readonly<Record<string, Pick<SortKey, 'type'> & { readonly column: string }>> = {
  _id: { type: 'text', column: 'id' },
  _lastUpdated: { type: 'timestamptz', column: 'last_updated' },
};

/**
 * Reads `_sort`, names of parameters with `-` before those that are descending (FHIR R4, Search §3.1.1.5.1).
 *
 * @throws BadRequest 400 for what cannot be sorted by
 */
export function parseSort(
  text: string,
  types: readonly string[],
  definitions: SearchDefinitions,
): readonly SortKey[] {
  const names = text.split(',', MAX_KEYS + 1);
  if (names.length > MAX_KEYS) {
    throw new BadRequest(`_sort takes ${MAX_KEYS} parameters at most`, 'too-costly', '_sort');
  }
  return names.map((given) => {
    const isDescending = given.startsWith('-');
    const name = isDescending ? given.slice(1) : given;
    const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
    if (!column) return { isDescending, ...indexedKey(name, isDescending, types, definitions) };
    return { isDescending, type: column.type, value: (row) => `${row}.${column.column}` };
  });
}

/** Of several values the one that comes first in the order asked for. */
function indexedKey(
  name: string,
  isDescending: boolean,
  types: readonly string[],
  definitions: SearchDefinitions,
): Pick<SortKey, 'type' | 'value'> {
  const parameter = parameterOf(definitions, types, name);
  if (parameter.kind === 'composite') {
    throw new BadRequest(`${name} is a composite, which has no order`, 'not-supported', '_sort');
  }
  const { type, column, lastColumn = column } = VALUES[parameter.kind];
  const slots = parameter.elements.map(({ slot }) => slot);
  const table = parameter.elements[0]?.table ?? '';
  const first = isDescending ? `max(${lastColumn})` : `min(${column})`;
  const value: RowCondition = (row, statement) => {
    const found = statement.alias();
    const selected = `(SELECT ${first} FROM ${table} ${found}
      WHERE ${found}.search_key = ${row}.search_key AND ${hasSlot(slots)(found, statement)})`;
    return type === 'text' ? `left(${selected}, ${SORTED_CHARACTERS})` : selected;
  };
  return { type, value };
}
