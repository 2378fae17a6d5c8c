import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueParameter } from '../definitions/search-definitions.js';
import { timestampText } from '../index/date-span.js';
import { boundedText } from '../index/normalized-text.js';
import { approximately, parsePeriod, splitPrefix, type Prefix } from '../period.js';
import { splitUnescaped, unescapeValue } from '../search-values.js';
import {
  allOf,
  anyOf,
  columnIs,
  inElements,
  type IndexLookup,
  type IndexTest,
} from './index-lookup.js';

/** A decimal as R4 writes it, of a size that PostgreSQL can reckon with. */
const DECIMAL = /^([+-]?\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?[0-3]?\d{1,2}))?$/;

/** Rows of spans of time that stand to a date as its prefix says (FHIR R4, Search §3.1.1.4.7). */
export function dateLookup({ elements }: ValueParameter, values: readonly string[]): IndexLookup {
  const tests = values.map((value) => dateTest(unescapeValue(value)));
  return { table: 'search_date', test: inElements(elements, anyOf(tests)) };
}

/** Rows of numbers that stand to one of the values as its prefix says (FHIR R4, Search §3.1.1.4.6). */
export function numberLookup(
  { name, elements }: ValueParameter,
  values: readonly string[],
): IndexLookup {
  const tests = values.map((value) => numberTest(name, unescapeValue(value)));
  return { table: 'search_quantity', test: inElements(elements, anyOf(tests)) };
}

/** The same with units: `number`, `number|system|code` or `number||code` (FHIR R4, Search §3.1.1.4.11). */
export function quantityLookup(
  { name, elements }: ValueParameter,
  values: readonly string[],
): IndexLookup {
  const tests = values.map((value) => {
    const [number = '', system, code, ...others] = splitUnescaped(value, '|').map(unescapeValue);
    const isPlain = system === undefined;
    if (others.length > 0 || (!isPlain && !code)) {
      throw new BadRequest(
        `${name} takes number, number|system|code or number||code`,
        'value',
        name,
      );
    }
    const amount = numberTest(name, number);
    return code === undefined ? amount : allOf([amount, unitTest(system ?? '', code)]);
  });
  return { table: 'search_quantity', test: inElements(elements, anyOf(tests)) };
}

function unitTest(system: string, code: string): IndexTest {
  const isCode = columnIs('code', boundedText(code));
  if (system !== '') return allOf([columnIs('system', boundedText(system)), isCode]);
  return anyOf([isCode, columnIs('unit', boundedText(code))]);
}

/** Spans are half-open: one ends where the next begins. */
function dateTest(value: string): IndexTest {
  const { prefix, rest } = splitPrefix(value);
  const period = parsePeriod(rest);
  const { from, until } = prefix === 'ap' ? approximately(period, new Date()) : period;
  return (row, statement) => {
    const start = () => `${statement.bind(timestampText(from))}::timestamptz`;
    const end = () => `${statement.bind(timestampText(until))}::timestamptz`;
    const comparisons: Readonly<Record<Prefix, () => string>> = {
      eq: () => `${row}.low >= ${start()} AND ${row}.low < ${end()} AND ${row}.high <= ${end()}`,
      ne: () => `${row}.low < ${start()} OR ${row}.high > ${end()}`,
      gt: () => `${row}.high > ${end()}`,
      lt: () => `${row}.low < ${start()}`,
      ge: () => `${row}.high > ${end()} OR (${row}.low >= ${start()} AND ${row}.high <= ${end()})`,
      le: () => `${row}.low < ${start()} OR (${row}.low >= ${start()} AND ${row}.high <= ${end()})`,
      sa: () => `${row}.low >= ${end()}`,
      eb: () => `${row}.high <= ${start()}`,
      ap: () => `${row}.low < ${end()} AND ${row}.high > ${start()}`,
    };
    return comparisons[prefix]();
  };
}

/**
 * A number stands for all that round to it, but only as itself and in `ne`: other prefixes compare with
 * exactly what is written (FHIR R4, Search §3.1.1.4.6). `ap` is within a tenth of it.
 */
function numberTest(name: string, value: string): IndexTest {
  const { prefix, rest } = splitPrefix(value);
  const [, , decimals = '', exponent = '0'] = DECIMAL.exec(rest) ?? [];
  if (!DECIMAL.test(rest)) {
    throw new BadRequest(
      `${name} takes a number, not ${JSON.stringify(rest.slice(0, 50))}`,
      'value',
      name,
    );
  }
  const half = `5e${Number(exponent) - decimals.length - 1}`;
  return (row, statement) => {
    const number = () => `${statement.bind(rest)}::numeric`;
    const low = () => `(${number()} - ${statement.bind(half)}::numeric)`;
    const high = () => `(${number()} + ${statement.bind(half)}::numeric)`;
    const tenth = () => `greatest(abs(${number()}) / 10, ${statement.bind(half)}::numeric)`;
    const comparisons: Readonly<Record<Prefix, () => string>> = {
      eq: () => `${row}.low >= ${low()} AND ${row}.low < ${high()} AND ${row}.high < ${high()}`,
      ne: () => `${row}.low < ${low()} OR ${row}.high >= ${high()}`,
      gt: () => `${row}.high > ${number()}`,
      lt: () => `${row}.low < ${number()}`,
      ge: () => `${row}.high >= ${number()}`,
      le: () => `${row}.low <= ${number()}`,
      sa: () => `${row}.low > ${number()}`,
      eb: () => `${row}.high < ${number()}`,
      ap: () =>
        `${row}.low <= ${number()} + ${tenth()} AND ${row}.high >= ${number()} - ${tenth()}`,
    };
    return comparisons[prefix]();
  };
}
