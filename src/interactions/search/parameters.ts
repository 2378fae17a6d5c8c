import { BadRequest } from '../../errors/fhir-error.js';
import type { SearchParameter } from './parse-search.js';
import { matchingSpans, type Span } from './period.js';
import type { Bindings, Condition } from './search-query.js';
import { parseToken, unescapeValue, type Token } from './search-values.js';

const IDENTIFIER = `resource -> 'identifier'`;
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

/** `identifier`: a token, over the element `identifier`, which is one or an array. */
export const IDENTIFIER_PARAMETER: SearchParameter = {
  condition: (values) => anyOf(values.map(parseToken).map(hasToken)),
};

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

function hasToken({ system, value }: Token): Condition {
  const wanted = { ...(system ? { system } : {}), ...(value === '' ? {} : { value }) };
  return (bindings) => {
    const contained = contains(wanted, bindings);
    // `|value` asks for an identifier that has no system at all.
    return system === '' ? `(${contained}) AND ${hasNoSystem(value, bindings)}` : contained;
  };
}

/** Containment alone is what the index answers, in either shape that the element may have. */
function contains(wanted: object, bindings: Bindings): string {
  const inArray = bindings.bind(JSON.stringify([wanted]));
  const alone = bindings.bind(JSON.stringify(wanted));
  return `${IDENTIFIER} @> ${inArray}::jsonb OR ${IDENTIFIER} @> ${alone}::jsonb`;
}

function hasNoSystem(value: string, bindings: Bindings): string {
  return `EXISTS (
    SELECT 1 FROM jsonb_array_elements(
      CASE jsonb_typeof(${IDENTIFIER})
        WHEN 'array' THEN ${IDENTIFIER}
        ELSE jsonb_build_array(${IDENTIFIER}) END) AS i
    WHERE i ->> 'value' = ${bindings.bind(value)} AND NOT i ? 'system')`;
}
