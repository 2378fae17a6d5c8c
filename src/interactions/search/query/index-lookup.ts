import type { IndexTable, SearchElement } from '../definitions/search-element.js';
import type { RowCondition, SearchStatement } from './search-statement.js';

/** A condition over a row of an index table, given its alias. */
export type IndexTest = (row: string, statement: SearchStatement) => string;

/** Rows of one index table. */
export interface IndexLookup {
  readonly table: IndexTable;
  readonly test: IndexTest;
}

/** Resources that have a row which passes. */
export function isFound({ table, test }: IndexLookup): RowCondition {
  return (resource, statement) => {
    const row = statement.alias();
    return `${resource}.search_key IN (
      SELECT ${row}.search_key FROM ${table} ${row} WHERE ${test(row, statement)})`;
  };
}

/** Resources that have no row which passes. */
export function isNotFound({ table, test }: IndexLookup): RowCondition {
  return (resource, statement) => {
    const row = statement.alias();
    return `NOT EXISTS (
      SELECT FROM ${table} ${row}
       WHERE ${row}.search_key = ${resource}.search_key AND ${test(row, statement)})`;
  };
}

/** Rows of these elements, whatever they hold. */
export function hasSlot(slots: readonly number[]): IndexTest {
  const distinct = [...new Set(slots)];
  return (row, statement) =>
    distinct.length === 1
      ? `${row}.slot = ${statement.bind(distinct[0])}`
      : `${row}.slot = ANY(${statement.bind(distinct)}::int[])`;
}

/** Rows of these elements that pass the test. */
export function inElements(elements: readonly SearchElement[], test: IndexTest): IndexTest {
  return allOf([hasSlot(elements.map(({ slot }) => slot)), test]);
}

/** All of the tests. */
export function allOf(tests: readonly IndexTest[]): IndexTest {
  return (row, statement) => tests.map((test) => `(${test(row, statement)})`).join(' AND ');
}

/** Any of the tests; nothing passes none. */
export function anyOf(tests: readonly IndexTest[]): IndexTest {
  if (tests.length === 0) return () => 'false';
  return (row, statement) => tests.map((test) => `(${test(row, statement)})`).join(' OR ');
}

/** A column has exactly this text. */
export function columnIs(column: string, text: string): IndexTest {
  return (row, statement) => `${row}.${column} = ${statement.bind(text)}`;
}

/** A column of any length has exactly this text; found by its beginning, as long texts are not indexed. */
export function longColumnIs(column: string, text: string): IndexTest {
  const beginning = charactersOf(text).slice(0, INDEXED_CHARACTERS).join('');
  return (row, statement) =>
    `left(${row}.${column}, ${INDEXED_CHARACTERS}) = ${statement.bind(beginning)}
      AND ${row}.${column} = ${statement.bind(text)}`;
}

/** A column of any length begins with this text. */
export function longColumnBegins(column: string, text: string): IndexTest {
  const characters = charactersOf(text);
  const beginning = characters.slice(0, INDEXED_CHARACTERS).join('');
  return (row, statement) => {
    const indexed = `left(${row}.${column}, ${INDEXED_CHARACTERS})
      LIKE ${statement.bind(`${escapedPattern(beginning)}%`)}`;
    if (characters.length <= INDEXED_CHARACTERS) return indexed;
    return `${indexed} AND starts_with(${row}.${column}, ${statement.bind(text)})`;
  };
}

/** A text as a part of a `LIKE` pattern that stands for itself. */
export function escapedPattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Characters as PostgreSQL counts them. */
function charactersOf(text: string): readonly string[] {
  return Array.from(text);
}

/** As many as the indexes have of a text of any length. */
const INDEXED_CHARACTERS = 200;
