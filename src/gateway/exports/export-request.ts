import { BadRequest } from '../../errors/fhir-error.js';
import { parametersIn, unknownParameter } from '../../fhir/operation-parameters.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { parsePeriod } from '../../interactions/search/period.js';
import type { InlineSearch } from '../../interactions/search/search-query.js';
import { encodedPairs, pairsOf, type QueryPair } from '../requests/query-pairs.js';

/** Parameters of `$export` that are understood (FHIR Bulk Data Access 2.0, Kick-off Request). */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...['_outputFormat', '_since', '_until', '_type', '_typeFilter', '_elements'],
]);
/** Those that may be repeated, which means the same as commas. */
const LISTS: ReadonlySet<string> = new Set(['_type', '_typeFilter', '_elements']);
const NDJSON = 'application/fhir+ndjson';
const FORMATS: ReadonlySet<string> = new Set([NDJSON, 'application/ndjson', 'ndjson']);
const ELEMENT = /^(?:[A-Z][A-Za-z]{0,63}\.)?[a-z][A-Za-z]{0,63}$/;
const FILTER = /^([A-Z][A-Za-z]{0,63})\?([^?]+)$/;
/** Where a further filter begins in a list of them: values have commas, too. */
const NEXT_FILTER = /,(?=[A-Z][A-Za-z]{0,63}\?)/;
const MAX_FILTERS = 20;
const MAX_ELEMENTS = 200;
/** Each link to a file of the export repeats them. */
const MAX_CHARACTERS = 4000;

/** An export that was understood. */
export interface ExportRequest {
  /** Types that may be exported; undefined for all. */
  readonly types: readonly string[] | undefined;
  /** Searches that narrow it, which servers may ignore. */
  readonly filters: readonly InlineSearch[];
  /** Under which parameters it goes on. */
  readonly query: QueryParams;
  /** Parameters for the upstream, made anew of what was understood; without {@link filterPair}s. */
  readonly pairs: readonly QueryPair[];
}

/**
 * Reads the parameters of `$export`.
 *
 * @param body a Parameters resource, where the request has one; there are no parameters in the query then
 * @param known types that can be exported
 * @throws BadRequest 400 for other parameters and values, empty ones, and such as would be too long in links
 */
export function exportRequest(
  query: QueryParams,
  body: ParsedBody | undefined,
  known: readonly string[],
): ExportRequest {
  if (body) refuseUnusedParameters(query);
  const given = body ? parametersIn(body.value, '$export', PARAMETERS) : pairsOf(query);
  const values = grouped(given);
  const continued = body ? Object.fromEntries(values) : query;
  if (encodedPairs(pairsOf(continued)).length > MAX_CHARACTERS) {
    throw new BadRequest(`$export takes ${MAX_CHARACTERS} characters at most`, 'too-long');
  }
  const types = typesIn(values.get('_type'), known);
  const filters = filtersIn(values.get('_typeFilter') ?? [], types ?? known);
  const pairs: readonly QueryPair[] = [
    ...(values.get('_outputFormat') ?? []).map((text): QueryPair => [
      '_outputFormat',
      formatOf(text),
    ]),
    ...momentIn('_since', values),
    ...momentIn('_until', values),
    ...listOf('_type', types ?? []),
    ...listOf('_elements', elementsIn(values.get('_elements') ?? [])),
  ];
  return { types, filters, query: continued, pairs };
}

function listOf(name: string, items: readonly string[]): readonly QueryPair[] {
  return items.length === 0 ? [] : [[name, items.join(',')]];
}

type Values = ReadonlyMap<string, readonly string[]>;

function grouped(given: readonly QueryPair[]): Values {
  const values = new Map<string, string[]>();
  for (const [name, value] of given) {
    if (!PARAMETERS.has(name)) throw unknownParameter(name, '$export', PARAMETERS);
    if (value === '') throw new BadRequest(`${name} is empty`, 'value', name);
    const before = values.get(name);
    if (before && !LISTS.has(name)) {
      throw new BadRequest(`${name} is given more than once`, 'value', name);
    }
    if (before) before.push(value);
    else values.set(name, [value]);
  }
  return values;
}

function typesIn(
  given: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const types = [...new Set(given.flatMap((text) => text.split(',')))];
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined) return types;
  const shown = JSON.stringify(unknown.slice(0, 64));
  throw new BadRequest(`_type names ${shown}, which is no type of R4`, 'value', '_type');
}

function filtersIn(given: readonly string[], types: readonly string[]): readonly InlineSearch[] {
  const texts = given.flatMap((text) => text.split(NEXT_FILTER));
  if (texts.length > MAX_FILTERS) {
    throw new BadRequest(`_typeFilter takes ${MAX_FILTERS} at most`, 'too-costly', '_typeFilter');
  }
  return texts.map((text) => {
    const [, type, queryString] = FILTER.exec(text) ?? [];
    if (type !== undefined && types.includes(type)) {
      return { type, query: readEntryQuery(queryString) };
    }
    throw new BadRequest(
      `_typeFilter takes searches such as Observation?status=final, of types that are exported, not ${JSON.stringify(text.slice(0, 100))}`,
      'value',
      '_typeFilter',
    );
  });
}

/** A filter as the upstream is asked for it. */
export function filterPair({ type, query }: InlineSearch): QueryPair {
  return ['_typeFilter', `${type}?${encodedPairs(pairsOf(query))}`];
}

function elementsIn(given: readonly string[]): readonly string[] {
  const elements = given.flatMap((text) => text.split(','));
  const isReadable = elements.length <= MAX_ELEMENTS && elements.every((at) => ELEMENT.test(at));
  if (isReadable) return elements;
  throw new BadRequest(
    `_elements takes ${MAX_ELEMENTS} names such as id or Patient.name at most`,
    'value',
    '_elements',
  );
}

function formatOf(text: string): string {
  // The plus sign of an unescaped `application/fhir+ndjson` arrives as a space.
  if (FORMATS.has(text.replace(' ', '+'))) return NDJSON;
  throw new BadRequest(`_outputFormat is ${NDJSON}`, 'not-supported', '_outputFormat');
}

function momentIn(name: string, values: Values): readonly QueryPair[] {
  return (values.get(name) ?? []).map((value): QueryPair => {
    parsePeriod(value);
    return [name, value];
  });
}
