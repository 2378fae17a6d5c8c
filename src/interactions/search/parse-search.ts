import { BadRequest } from '../../errors/fhir-error.js';
import type { Condition, SearchQuery } from './search-query.js';

/** Query parameters as they arrive; a repeated one is an array. */
export type QueryParams = Readonly<Record<string, string | readonly string[]>>;

/** One search parameter of a resource type. */
export interface SearchParameter {
  /** Condition that any one of the comma-separated values fulfils. @throws BadRequest when one cannot be read. */
  condition(values: readonly string[]): Condition;
}

export type SearchParameters = ReadonlyMap<string, SearchParameter>;

export const DEFAULT_COUNT = 100;
export const MAX_COUNT = 1000;

/** Parameters that shape the answer and are read where it is rendered. */
const RENDERING = new Set(['_format', '_pretty']);
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

/** `_count` of a history or search: a whole number, at most {@link MAX_COUNT}. */
export function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new BadRequest('_count takes a whole number', 'value', '_count');
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
  return [given].flat().map((text) => {
    const values = splitValues(text);
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

/** Splits at commas that are not escaped (FHIR R4, Search §3.1.1.3.7); other escapes stay. */
function splitValues(text: string): readonly string[] {
  const values = [''];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      values.push(`${values.pop() ?? ''}${char}${text.charAt(at)}`);
    } else if (char === ',') values.push('');
    else values.push((values.pop() ?? '') + char);
  }
  return values;
}
