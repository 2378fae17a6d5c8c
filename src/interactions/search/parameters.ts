import { BadRequest } from '../../errors/fhir-error.js';
import type { SearchParameter } from './parse-search.js';
import { matchingSpans, type Span } from './period.js';
import type { Bindings, Condition } from './search-query.js';
import { parseToken, unescapeValue, type Token } from './search-values.js';

/** Elements of type Identifier that a search may look at, at the root of a resource. */
export type IdentifierElement = 'identifier' | 'masterIdentifier';

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** `_id`: the logical id. */
export const ID_PARAMETER: SearchParameter = {
  condition: (values) => {
    if (!values.every((value) => ID.test(value))) {
      throw new BadRequest('_id takes ids', 'value', '_id');
    }
    return (bindings, row) => `${columnOf(row, 'id')} = ANY(${bindings.bind(values)})`;
  },
};

/** `_lastUpdated`: a date with an optional prefix; a partial date stands for its whole period. */
export const LAST_UPDATED_PARAMETER: SearchParameter = {
  condition: (values) => anyOf(values.flatMap(matchingSpans).map(updatedWithin)),
};

/** `identifier`: a token, over the element `identifier`. */
export const IDENTIFIER_PARAMETER: SearchParameter = identifierIn('identifier');

/** A token over elements of type Identifier, each of them one or an array. */
export function identifierIn(...elements: readonly IdentifierElement[]): SearchParameter {
  return {
    condition: (values) => {
      const tokens = values.map(parseToken);
      return anyOf(elements.flatMap((element) => tokens.map((token) => hasToken(element, token))));
    },
  };
}

/** A string element compared as it is written. */
export function exactString(column: string): SearchParameter {
  return {
    condition: (values) => {
      const wanted = values.map(unescapeValue);
      return (bindings) => `${column} = ANY(${bindings.bind(wanted)})`;
    },
  };
}

/** A reference to one type, as `Type/id` or the bare id, over a column that holds the id. */
export function referenceTo(type: string, column: string): SearchParameter {
  const prefix = `${type}/`;
  return {
    condition: (values) => {
      const ids = values.map((value) =>
        value.startsWith(prefix) ? value.slice(prefix.length) : value,
      );
      if (!ids.every((id) => ID.test(id))) {
        throw new BadRequest(`A reference to ${type} is written ${type}/id`, 'value');
      }
      return (bindings) => `${column} = ANY(${bindings.bind(ids)})`;
    },
  };
}

function anyOf(conditions: readonly Condition[]): Condition {
  return (bindings, row) =>
    conditions.map((condition) => `(${condition(bindings, row)})`).join(' OR ');
}

function columnOf(row: string | undefined, column: string): string {
  return row === undefined ? column : `${row}.${column}`;
}

function updatedWithin({ from, until }: Span): Condition {
  return (bindings, row) => {
    const column = columnOf(row, 'last_updated');
    return [
      ...(from ? [`${column} >= ${bindings.bind(from)}`] : []),
      ...(until ? [`${column} < ${bindings.bind(until)}`] : []),
    ].join(' AND ');
  };
}

function hasToken(element: IdentifierElement, { system, value }: Token): Condition {
  const wanted = { ...(system ? { system } : {}), ...(value === '' ? {} : { value }) };
  return (bindings) => {
    const contained = contains(element, wanted, bindings);
    // `|value` asks for an identifier that has no system at all.
    return system === ''
      ? `(${contained}) AND ${hasNoSystem(element, value, bindings)}`
      : contained;
  };
}

/** Containment alone is what the index answers, in either shape that the element may have. */
function contains(element: IdentifierElement, wanted: object, bindings: Bindings): string {
  const inArray = bindings.bind(JSON.stringify([wanted]));
  const alone = bindings.bind(JSON.stringify(wanted));
  const stored = `resource -> '${element}'`;
  return `${stored} @> ${inArray}::jsonb OR ${stored} @> ${alone}::jsonb`;
}

function hasNoSystem(element: IdentifierElement, value: string, bindings: Bindings): string {
  return `EXISTS (
    SELECT 1 FROM jsonb_array_elements(
      CASE jsonb_typeof(resource -> '${element}')
        WHEN 'array' THEN resource -> '${element}'
        ELSE jsonb_build_array(resource -> '${element}') END) AS i
    WHERE i ->> 'value' = ${bindings.bind(value)} AND NOT i ? 'system')`;
}
