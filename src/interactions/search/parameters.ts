import { BadRequest } from '../../errors/fhir-error.js';
import type { SearchParameter } from './parse-search.js';
import type { Bindings, Condition } from './search-query.js';
import { parsePeriod, splitPrefix } from './period.js';

/** `_id`: the logical id. */
export const ID_PARAMETER: SearchParameter = {
  condition: (values) => {
    for (const value of values) {
      if (!/^[A-Za-z0-9\-.]{1,64}$/.test(value)) throw new BadRequest('_id takes ids', 'value', '_id');
    }
    return (bindings) => `id = ANY(${bindings.bind(values)})`;
  },
};

/** `_lastUpdated`: a date with an optional prefix; a partial date stands for its whole period. */
export const LAST_UPDATED_PARAMETER: SearchParameter = {
  condition: (values) => anyOf(values.map(lastUpdated)),
};

/** `identifier`: a token, `[system|]value`, over one Identifier or an array of them. */
export const IDENTIFIER_PARAMETER: SearchParameter = {
  condition: (values) => anyOf(values.map(identifier)),
};

/** A string element compared as it is written. */
export function exactString(column: string): SearchParameter {
  return {
    condition: (values) => (bindings) =>
      `${column} = ANY(${bindings.bind(values.map(unescapeValue))})`,
  };
}

/** A reference to one type, as `Type/id` or the bare id, over a column that holds the id. */
export function referenceTo(type: string, column: string): SearchParameter {
  return {
    condition: (values) => {
      const ids = values.map((value) => value.replace(new RegExp(`^${type}/`), ''));
      if (ids.some((id) => !/^[A-Za-z0-9\-.]{1,64}$/.test(id))) {
        throw new BadRequest(`A reference to ${type} is written ${type}/id`, 'value');
      }
      return (bindings) => `${column} = ANY(${bindings.bind(ids)})`;
    },
  };
}

function anyOf(conditions: readonly Condition[]): Condition {
  return (bindings) => conditions.map((condition) => `(${condition(bindings)})`).join(' OR ');
}

function lastUpdated(value: string): Condition {
  const { prefix, rest } = splitPrefix(value);
  const period = parsePeriod(rest);
  return (bindings) => {
    const from = () => bindings.bind(period.from);
    const until = () => bindings.bind(period.until);
    switch (prefix) {
      case 'eq':
        return `last_updated >= ${from()} AND last_updated < ${until()}`;
      case 'ne':
        return `last_updated < ${from()} OR last_updated >= ${until()}`;
      case 'gt':
      case 'sa':
        return `last_updated >= ${until()}`;
      case 'ge':
        return `last_updated >= ${from()}`;
      case 'lt':
      case 'eb':
        return `last_updated < ${from()}`;
      case 'le':
        return `last_updated < ${until()}`;
    }
  };
}

function identifier(token: string): Condition {
  const bar = unescapedBar(token);
  const value = unescapeValue(bar < 0 ? token : token.slice(bar + 1));
  const system = bar < 0 ? undefined : unescapeValue(token.slice(0, bar));
  if (value === '' && !system) throw new BadRequest('identifier takes [system|]value', 'value', 'identifier');
  const wanted = { ...(system ? { system } : {}), ...(value === '' ? {} : { value }) };
  return (bindings) => {
    const matches = containsIdentifier(wanted, bindings);
    // `|value` asks for an identifier that has no system at all.
    return system === '' ? `(${matches}) AND ${withoutSystem(value, bindings)}` : matches;
  };
}

function containsIdentifier(wanted: object, bindings: Bindings): string {
  const inArray = bindings.bind(JSON.stringify([wanted]));
  const alone = bindings.bind(JSON.stringify(wanted));
  return `resource -> 'identifier' @> ${inArray}::jsonb OR resource -> 'identifier' @> ${alone}::jsonb`;
}

function withoutSystem(value: string, bindings: Bindings): string {
  return `EXISTS (
    SELECT 1 FROM jsonb_array_elements(
      CASE jsonb_typeof(resource -> 'identifier')
        WHEN 'array' THEN resource -> 'identifier'
        ELSE jsonb_build_array(resource -> 'identifier') END) AS i
    WHERE i ->> 'value' = ${bindings.bind(value)} AND NOT i ? 'system')`;
}

function unescapedBar(token: string): number {
  for (let at = 0; at < token.length; at += 1) {
    if (token.charAt(at) === '\\') at += 1;
    else if (token.charAt(at) === '|') return at;
  }
  return -1;
}

/** FHIR R4, Search §3.1.1.3.7: `\,` `\|` `\$` `\\` stand for the character itself. */
function unescapeValue(value: string): string {
  return value.replace(/\\([,|$\\])/g, '$1');
}
