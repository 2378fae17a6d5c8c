import { BadRequest } from '../../errors/fhir-error.js';
import type { Condition, SearchQuery } from './search-query.js';
import { splitValues } from './search-values.js';

/** Query parameters as they arrive; a repeated one is an array. */
export type QueryParams = Readonly<Record<string, string | readonly string[]>>;

/** One search parameter of a resource type. */
export interface SearchParameter {
  /**
   * The condition that a resource meets when it has any one of the values.
   *
   * @param values comma-separated ones, taken apart but with their escapes.
   * @throws BadRequest 400 when one of them cannot be read.
   */
  condition(values: readonly string[]): Condition;
}

/** The search parameters of a resource type by name; a name with a modifier is one of its own. */
export type SearchParameters = ReadonlyMap<string, SearchParameter>;

/** Matches on a page when the search does not say. */
export const DEFAULT_COUNT = 100;

/** Most matches on a page; a greater `_count` means this one. */
export const MAX_COUNT = 1000;

/** Parameters that shape the answer and are read where it is rendered. */
const RENDERING = new Set(['_format', '_pretty']);

/** Parameters that shape a result, and so pick nothing. */
export const RESULT_PARAMETERS: readonly string[] = [
  ...['_after', '_count', '_elements', '_include', '_include:iterate', '_revinclude'],
  ...['_revinclude:iterate', '_sort', '_summary', '_total', '_format', '_pretty'],
];
const MAX_VALUES = 100;

/**
 * Reads a search.
 *
 * @throws BadRequest 400 for every parameter that is unknown, empty or unparsable (spec §9): a policy may
 * have been satisfied by it, so dropping it would answer more than was allowed.
 */
export function parseSearch(params: QueryParams, known: SearchParameters): SearchQuery {
  const conditions: Condition[] = [];
  let count = DEFAULT_COUNT;
  let after: string | undefined;
  for (const [name, given] of Object.entries(params)) {
    if (RENDERING.has(name)) continue;
    if (name === '_count') count = parseCount(single(name, given));
    else if (name === '_after') after = parseCursor(single(name, given));
    else conditions.push(...conditionsOf(name, given, known));
  }
  return { conditions, count, after };
}

/**
 * Checks that a search can pick a resource: it has a parameter, and none that shapes a result.
 *
 * @throws BadRequest 400
 */
export function assertPicking(params: QueryParams): void {
  const names = Object.keys(params);
  if (names.length > 0 && !names.some((name) => RESULT_PARAMETERS.includes(name))) return;
  throw new BadRequest(
    'Criteria take one search parameter at least, and none that shapes a result',
  );
}

/** `_count` of a history or search: a whole number, at most {@link MAX_COUNT}. */
export function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new BadRequest('_count takes a whole number', 'value', '_count');
  return Math.min(Number(value), MAX_COUNT);
}

/** @throws BadRequest when the parameter is repeated. */
export function single(name: string, given: string | readonly string[]): string {
  if (typeof given === 'string') return given;
  throw new BadRequest(`${name} may be given once only`, 'invalid', name);
}

function parseCursor(value: string): string {
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(value)) return value;
  throw new BadRequest('_after is not one of this search’s own paging links', 'value', '_after');
}

function conditionsOf(
  name: string,
  given: string | readonly string[],
  known: SearchParameters,
): readonly Condition[] {
  const parameter = known.get(name);
  if (!parameter) throw unknownParameter(name, known);
  const texts = [given].flat();
  if (texts.length === 0) throw new BadRequest(`${name} has no value`, 'value', name);
  return texts.map((text) => {
    const values = splitValues(text, MAX_VALUES);
    if (values.length > MAX_VALUES || values.some((value) => value.trim() === '')) {
      throw new BadRequest(`${name} has an empty value, or more than ${MAX_VALUES}`, 'value', name);
    }
    return parameter.condition(values);
  });
}

function unknownParameter(name: string, known: SearchParameters): BadRequest {
  const names = [...known.keys(), '_count', '_format'].sort().join(', ');
  return new BadRequest(
    `The search parameter ${JSON.stringify(name.slice(0, 100))} is not supported here; supported: ${names}`,
    'not-supported',
  );
}
